export {
  events,
  type PayloadOptions,
  payload,
  type ReceivedDelivery,
  type SendOptions,
  type SignOptions,
  send,
  sign,
  type VerifyOptions,
  verify,
} from './api/deliveries.ts';
export { type Listener, type ListenOptions, listen } from './api/listen.ts';
export type { HeadersLike, Instant } from './api/types.ts';
export type { AttemptFact, EventFact, ReceivedFact } from './core/facts.ts';
export type { Basis, Finding, Headers, Json, JsonObject, JsonSchema, Likely, Verdict } from './core/types.ts';
export { UsageError } from './errors.ts';
