import type { KnownAnswer } from '../../core/provider.ts';

/** Deliveries that somebody else signed; `fixtures/SOURCES.md` says more of where they are from. */
export const knownAnswers = (): readonly KnownAnswer[] => [
  {
    source: 'https://github.com/svix/svix-webhooks, javascript/src/webhook.test.ts',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
    headers: {
      'svix-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'svix-timestamp': '1614265330',
      'svix-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
  },
];
