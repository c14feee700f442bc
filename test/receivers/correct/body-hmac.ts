import { createHmac } from 'node:crypto';
import { careful, receiver, type Steps } from './by-hand.ts';

/** The careful steps for a scheme that signs the body alone: hex HMAC-SHA256, the secret's text as the key. */
export const bodyHmac: Steps = {
  ...careful,
  // An equal body is the same delivery where no id is sent.
  readHeaders: ({ headers }) => {
    const signature = String(headers.signature ?? '');
    return { id: signature, timestamp: '', signature };
  },
  authentic: (delivery, secret, kit) => kit.same(delivery.signature, kit.expected(delivery, secret, kit)),
  expected: ({ body }, secret) => createHmac('sha256', secret).update(body).digest('hex'),
  fresh: () => true,
};

/** Node's own crypto for the body alone. */
export const start = receiver(bodyHmac);
