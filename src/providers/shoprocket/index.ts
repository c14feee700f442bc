import { assumed } from '../../core/basis.ts';
import { defineProvider } from '../../core/define.ts';
import { hmac } from '../../core/scheme.ts';
import { events, guide } from './events.ts';
import { knownAnswers } from './known-answers.ts';

const silent = `nothing is published: ${guide}`;

/** Shoprocket is written in Laravel, whose common sender of webhooks signs like this. */
const scheme = hmac({
  label: 'HMAC-SHA256 (hex) of the raw body in Signature',
  basis: 'assumed',
  source: `a secret key exists, its use is not published; so as https://github.com/spatie/laravel-webhook-server signs`,
  names: { signature: 'Signature' },
  over: '{body}',
  digest: 'sha256',
  encoding: 'hex',
  key: 'utf8',
  value: '{signature}',
});

/** Shoprocket: an embeddable shop; orders and customers as full records. */
export default defineProvider({
  name: 'shoprocket',
  title: 'Shoprocket',
  docs: guide,
  scheme,
  exampleSecret: 'example-secret-for-shoprocket',
  policy: {
    timeoutMs: assumed(15_000, `${silent}; 15 s is what the large senders of webhooks wait`),
    accepts: assumed('2xx', `${silent}; 2xx is success in HTTP`),
    delaysMs: assumed([], `${silent}; so a failed delivery is not repeated`),
  },
  contentType: assumed('application/json', `${silent}; the body is JSON`),
  eventAt: { path: 'type', basis: 'documented', source: guide },
  identity: ['type', 'data.id', 'data.updated_at|data.created_at'],
  events,
  // Nobody needs them but `hooks provider test`.
  get knownAnswers() {
    return knownAnswers();
  },
});
