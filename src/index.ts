export {
  array,
  assumed,
  based,
  type CodeScheme,
  defineConfig,
  defineProvider,
  document,
  documented,
  type EventData,
  type HooksConfig,
  hmac,
  integer,
  matching,
  none,
  nullable,
  object,
  observed,
  type PolicyData,
  type ProviderData,
  providerOf,
  supposed,
  svix,
  text,
} from './api/define.ts';
export { type Listener, type ListenOptions, listen } from './api/listen.ts';
export { events, type PayloadOptions, payload, type SignOptions, sign } from './api/making.ts';
export { type SendOptions, send } from './api/send.ts';
export type { HeadersLike, Instant } from './api/types.ts';
export { type ReceivedDelivery, type VerifyOptions, verify } from './api/verify.ts';
export type { AttemptFact, EventFact, ReceivedFact } from './core/facts.ts';
export type { EventType, Fake, Policy, Provider, Scheme } from './core/provider.ts';
export type { SchemeData } from './core/scheme-data.ts';
export type { Basis, Finding, Headers, Json, JsonObject, JsonSchema, Likely, Verdict } from './core/types.ts';
export { UsageError } from './errors.ts';
