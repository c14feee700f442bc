import { documented, observed } from '../../core/basis.ts';
import { defineProvider } from '../../core/define.ts';
import { svix } from '../../core/scheme.ts';
import { events, guide, reference } from './events.ts';
import { knownAnswers } from './known-answers.ts';

const svixRetries = 'https://docs.svix.com/retries';

/** What the pages do not say of the pauses is read off Svix's open-source sender. */
const worker = 'https://github.com/svix/svix-webhooks';

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
/** The pauses before attempts 2 to 8; the first is made at once. */
const delays = [5 * seconds, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours, 10 * hours];

/** Roastify: print-on-demand coffee; its webhooks are delivered by Svix. */
export default defineProvider({
  name: 'roastify',
  title: 'Roastify',
  docs: guide,
  scheme: svix(),
  // The example of Svix's own pages: https://docs.svix.com/receiving/verifying-payloads/how-manual
  exampleSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  policy: {
    timeoutMs: documented(15 * seconds, svixRetries),
    accepts: documented('2xx', svixRetries),
    delaysMs: documented(delays, guide),
    jitter: observed(0.2, worker),
    throttledMs: observed(60 * seconds, worker),
    retryAfterTimes: observed(2, worker),
    stops: documented({ header: 'webhook-delivery', values: ['disable', 'abort-message'] }, svixRetries),
  },
  contentType: documented('application/json', svixRetries),
  userAgent: observed('Svix-Webhooks/1.100.0', worker),
  eventAt: {
    path: 'eventType',
    basis: 'observed',
    source: `documented, and yet a live receiver warns that test bodies may omit it: ${reference}`,
  },
  identity: ['header:svix-id|header:webhook-id'],
  events,
  // Nobody needs them but `hooks provider test`.
  get knownAnswers() {
    return knownAnswers();
  },
});
