import type { KnownAnswer } from '../../core/provider.ts';

/** Deliveries that somebody else signed; `fixtures/SOURCES.md` says more of where they are from. */
export const knownAnswers = (): readonly KnownAnswer[] => [
  {
    source:
      "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries (the same construction, under GitHub's header)",
    secret: "It's a Secret to Everybody",
    timestamp: 1614265330,
    body: 'Hello, World!',
    headers: {
      'X-Rose-Rocket-Signature': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
  },
];
