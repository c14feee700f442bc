import type { KnownAnswer } from '../../core/provider.ts';

/** Deliveries that somebody else signed; `fixtures/SOURCES.md` says more of where they are from. */
export const knownAnswers = (): readonly KnownAnswer[] => [
  {
    source: 'https://github.com/spatie/laravel-webhook-server, tests/CallWebhookJobTest.php',
    secret: 'abc',
    timestamp: 1614265330,
    body: '{"a":1}',
    headers: {
      Signature: '1f14a62b15ba5095326d6c75c3e2e6b462dd71e1c4b7fbdac0f32309adb7be5f',
    },
  },
];
