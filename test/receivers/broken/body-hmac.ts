import { createHmac } from 'node:crypto';
import { bodyHmac } from '../correct/body-hmac.ts';
import { mistakes } from './mistakes.ts';
import { oddJson, unsigned } from './rules.ts';

/** Mistakes with a scheme that signs the body alone. */
export const bodyHmacs = mistakes(
  {
    'body-hmac-of-json-again': {
      mistake: 'signs JSON.stringify of the parsed body instead of the bytes that came',
      steps: {
        ...bodyHmac,
        expected: ({ body }, secret) =>
          createHmac('sha256', secret)
            .update(JSON.stringify(JSON.parse(String(body))))
            .digest('hex'),
      },
      fails: [
        'reformatted-body',
        'big-numbers',
        'tampered-whitespace',
        'not-json',
        'empty-body',
        'deep-nesting',
        'invalid-utf8',
        'bom',
        'nul-bytes',
        'gzip-body',
        'refuses-with-4xx',
      ],
    },
    'body-hmac-optional': {
      mistake: 'checks a signature only where there is one',
      steps: {
        ...bodyHmac,
        authentic: (delivery, secret, kit) =>
          delivery.signature === '' || bodyHmac.authentic(delivery, secret, kit),
      },
      fails: [...unsigned, ...oddJson],
    },
    'body-hmac-unchecked': {
      mistake: 'checks nothing: whoever knows the address may say anything',
      steps: { ...bodyHmac, authentic: () => true },
      fails: [
        ...unsigned,
        ...oddJson,
        'tampered-body',
        'tampered-whitespace',
        'wrong-secret',
        'other-body-signature',
        'truncated-signature',
        'prefix-signature',
        'extended-signature',
        'wrong-encoding',
        'empty-key',
        'duplicate-headers',
        'algorithm-confusion',
        'unkeyed-digest',
      ],
    },
  },
  'shoprocket',
);
