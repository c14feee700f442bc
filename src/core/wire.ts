import { isUtf8 } from 'node:buffer';
import type { AnswerFact, BodyFact, DeliveryFact, ReceivedFact } from './facts.ts';
import type { Answer, Delivery, Received } from './types.ts';

/** A time (ms since the epoch) as facts carry it. */
export const isoTime = (at: number): string => new Date(at).toISOString();

/** Bytes as a fact carries them. */
export function bodyFact(bytes: Uint8Array): BodyFact {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { body: buffer.toString() } : { body_base64: buffer.toString('base64') };
}

/** The bytes that a fact carries. */
export const bytesOf = (fact: BodyFact): Buffer =>
  'body' in fact ? Buffer.from(fact.body) : Buffer.from(fact.body_base64, 'base64');

/** A delivery as a fact carries it. */
export function deliveryFact({ body, ...delivery }: Delivery): DeliveryFact & BodyFact {
  return { ...delivery, ...bodyFact(body) };
}

/** A request as a fact carries it. */
export function receivedFact({ method, path, headers, body }: Received): ReceivedFact['received'] {
  return { method, path, headers, ...bodyFact(body) };
}

/** An answer as a fact carries it. */
export function answerFact(answer: Answer): AnswerFact {
  if ('failure' in answer) return answer;
  const { body, ...rest } = answer;
  return { ...rest, ...bodyFact(body) };
}
