export {
  events,
  type Instant,
  type Listener,
  type ListenOptions,
  listen,
  type PayloadOptions,
  payload,
  type ReceivedDelivery,
  type SendOptions,
  type SignOptions,
  send,
  sign,
  type VerifyOptions,
  verify,
} from './api.ts';
export type { AttemptFact, EventFact, ReceivedFact } from './core/facts.ts';
export type { Basis, Finding, Headers, Json, JsonObject, JsonSchema, Likely, Verdict } from './core/types.ts';
export { UsageError } from './errors.ts';
