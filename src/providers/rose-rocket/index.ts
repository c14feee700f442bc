import { assumed, documented, observed } from '../../core/basis.ts';
import { defineProvider } from '../../core/define.ts';
import { hmac } from '../../core/scheme.ts';
import { events, guide, reference } from './events.ts';
import { knownAnswers } from './known-answers.ts';

const scheme = hmac({
  label: 'HMAC-SHA256 (hex) of the raw body in X-Rose-Rocket-Signature',
  basis: 'assumed',
  source: `the guide recommends verifying signatures and publishes no scheme, so GitHub's form is used: ${guide}`,
  names: { signature: 'X-Rose-Rocket-Signature' },
  over: '{body}',
  digest: 'sha256',
  encoding: 'hex',
  key: 'utf8',
  value: 'sha256={signature}',
});

/** Rose Rocket, the classic API: flat notifications that name a record, never retried. */
export default defineProvider({
  name: 'rose-rocket',
  title: 'Rose Rocket',
  docs: reference,
  scheme,
  exampleSecret: 'example-secret-for-rose-rocket',
  policy: {
    timeoutMs: assumed(15_000, 'no figure is published; 15 s is what the large senders of webhooks wait'),
    accepts: documented('2xx', guide),
    delaysMs: documented([], guide),
  },
  contentType: observed(
    'application/json',
    `live receivers read it as JSON; the page names no type: ${reference}`,
  ),
  eventAt: { path: 'event', basis: 'documented', source: reference },
  identity: ['event', 'order_id|leg_id|manifest_id|task_id', 'timestamp'],
  events,
  // Nobody needs them but `hooks provider test`.
  get knownAnswers() {
    return knownAnswers();
  },
});
