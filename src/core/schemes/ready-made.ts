import type { HmacRecord } from '../hmac-record.ts';
import { svixRecord } from '../scheme.ts';
import type { SchemeName } from '../scheme-data.ts';

/** What most of them share: a hex HMAC-SHA256, keyed with the text of the secret. */
const common = { basis: 'documented', digest: 'sha256', encoding: 'hex', key: 'utf8' } as const;

const uuid = { prefix: '', length: 36, form: 'uuid' } as const;

/** The ready-made schemes that are HMACs. */
export const readyMade: Readonly<Record<Exclude<SchemeName, 'token' | 'basic' | 'none'>, HmacRecord>> = {
  svix: svixRecord,
  'standard-webhooks': {
    ...svixRecord,
    label:
      'Standard Webhooks: HMAC-SHA256 (v1) or Ed25519 (v1a) of "{id}.{timestamp}.{body}" in webhook-signature',
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    names: { signature: 'webhook-signature', id: 'webhook-id', timestamp: 'webhook-timestamp' },
    twins: [],
  },
  // Its secret looks like one of Svix's, and is not decoded.
  stripe: {
    ...common,
    label: 'Stripe: HMAC-SHA256 (hex) of "{timestamp}.{body}" in Stripe-Signature',
    source: 'https://docs.stripe.com/webhooks#verify-manually',
    names: { signature: 'Stripe-Signature' },
    over: '{timestamp}.{body}',
    value: 't={timestamp},v1={signature}',
    separator: ',',
    several: true,
    tolerance: { seconds: 300, future: false },
  },
  github: {
    ...common,
    label: 'GitHub: HMAC-SHA256 (hex) of the raw body in X-Hub-Signature-256',
    source: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
    names: { signature: 'X-Hub-Signature-256', id: 'X-GitHub-Delivery' },
    over: '{body}',
    value: 'sha256={signature}',
    newId: uuid,
  },
  shopify: {
    ...common,
    label: 'Shopify: HMAC-SHA256 (base64) of the raw body in X-Shopify-Hmac-Sha256',
    source: 'https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-5-verify-the-webhook',
    names: { signature: 'X-Shopify-Hmac-Sha256', id: 'X-Shopify-Webhook-Id' },
    over: '{body}',
    encoding: 'base64',
    value: '{signature}',
    newId: uuid,
  },
  slack: {
    ...common,
    label: 'Slack: HMAC-SHA256 (hex) of "v0:{timestamp}:{body}" in X-Slack-Signature',
    source: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    names: { signature: 'X-Slack-Signature', timestamp: 'X-Slack-Request-Timestamp' },
    over: 'v0:{timestamp}:{body}',
    value: 'v0={signature}',
    tolerance: { seconds: 300, future: false },
  },
  // The address is the registered one: `with: { url }`. Without it the target's own is signed.
  square: {
    ...common,
    label: 'Square: HMAC-SHA256 (base64) of "{url}{body}" in X-Square-HmacSha256-Signature',
    source: 'https://developer.squareup.com/docs/webhooks/step3validate',
    names: { signature: 'X-Square-HmacSha256-Signature' },
    over: '{url}{body}',
    encoding: 'base64',
    value: '{signature}',
  },
  paddle: {
    ...common,
    label: 'Paddle: HMAC-SHA256 (hex) of "{timestamp}:{body}" in Paddle-Signature',
    source: 'https://developer.paddle.com/webhooks/signature-verification',
    names: { signature: 'Paddle-Signature' },
    over: '{timestamp}:{body}',
    value: 'ts={timestamp};h1={signature}',
    separator: ';',
    several: true,
    tolerance: { seconds: 5, future: false },
  },
  // The record is that of a JSON body; a form is signed by code.
  twilio: {
    ...common,
    label:
      'Twilio: HMAC-SHA1 (base64) of the address with bodySHA256, or with the fields of a form, in X-Twilio-Signature',
    source: 'https://www.twilio.com/docs/usage/security#validating-requests',
    names: { signature: 'X-Twilio-Signature' },
    over: '{url}',
    bodyHash: { digest: 'sha256', encoding: 'hex' },
    bodyHashParameter: 'bodySHA256',
    digest: 'sha1',
    encoding: 'base64',
    value: '{signature}',
  },
  laravel: {
    ...common,
    basis: 'observed',
    label: 'Laravel webhook server: HMAC-SHA256 (hex) of the raw body in Signature',
    source: 'https://github.com/spatie/laravel-webhook-server',
    names: { signature: 'Signature', timestamp: 'Timestamp' },
    over: '{body}',
    value: '{signature}',
  },
};
