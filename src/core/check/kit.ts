import { createHash } from 'node:crypto';
import type { Carrier } from '../carrier.ts';
import { draft, type Origin } from '../craft.ts';
import { type HmacRecord, type SignatureForm, secretFault } from '../hmac-record.ts';
import { jsonText } from '../json.ts';
import type { Draft, EventType, Provider } from '../provider.ts';
import type { StatusTest } from '../status.ts';
import type { JsonObject } from '../types.ts';

/** What all rules of a run share. */
export interface Bench {
  readonly provider: Provider;
  /** The secret that the receiver knows. */
  readonly secret: string;
  /** The rules that are about signatures run; else why they do not. */
  readonly signing: true | { readonly not: string };
  /** The event of what is sent, where a rule does not ask for others. */
  readonly event: string;
  readonly seed: number;
  /** The payloads' clock, ms since the epoch. */
  readonly at: number;
  readonly accepts: StatusTest;
  /** Effects can be seen. */
  readonly probed?: boolean | undefined;
  /** How long the provider waits for an answer, ms. */
  readonly timeoutMs: number;
  /** Where the receiver is; a few schemes sign it. @default a local address */
  readonly url?: string | undefined;
  readonly payload: (event: EventType, origin: Origin) => JsonObject;
}

/** What one rule makes its messages of. Each draft is another delivery; which one follows from seed and rule. */
export interface Kit extends Bench {
  /** The scheme as data; nothing where it is no HMAC. */
  readonly record: HmacRecord | undefined;
  readonly form: SignatureForm | undefined;
  /** Where the signature or the secret stands; nothing where the provider does not sign, or does not say. */
  readonly carrier: Carrier | undefined;
  /** A well-formed secret that the receiver does not know. */
  readonly otherSecret: string;
  readonly fresh: (of?: Of) => Draft;
}

/** What a fresh delivery is to be. */
export interface Of {
  readonly event?: string;
  /** The name under which it goes, where that is another one. */
  readonly as?: string;
  /** The n-th story: deliveries of the same one are about the same order. */
  readonly story?: number;
  /** Changes the text of the body before it is signed. */
  readonly edit?: (text: string) => string | Uint8Array;
}

/** So often an id is made that was not yet; some providers have few of them, or always the same. */
const mostTries = 8;

/** The kit of a rule. */
export function kitOf(bench: Bench, rule: string): Kit {
  let made = 0;
  const ids = new Set<string>();
  const seedOf = (index: number) => numberOf(`${bench.seed} ${rule} ${index}`);
  return {
    ...bench,
    record: recordOf(bench),
    form: bench.provider.scheme.form,
    carrier: bench.provider.scheme.carrier,
    otherSecret: otherSecretOf(bench.provider, `${bench.seed} ${rule}`),
    fresh({ event = bench.event, as = event, story, edit = (text: string) => text }: Of = {}) {
      const type = bench.provider.events[event] as EventType;
      const makeOne = () => {
        made += 1;
        const origin =
          story === undefined
            ? { seed: seedOf(made), at: bench.at - made * 1000 }
            : { seed: seedOf(-1 - story), at: bench.at - yetToCome(bench.provider, event) };
        const text = edit(jsonText(bench.payload(type, origin)));
        const body = typeof text === 'string' ? Buffer.from(text) : text;
        return draft(bench.provider, body, origin, { event: as });
      };
      let one = makeOne();
      // A story is what it is: another try would be the same again.
      const isKnown = ({ id }: Draft) => story === undefined && id !== undefined && ids.has(id);
      for (let tries = 1; tries < mostTries && isKnown(one); tries++) one = makeOne();
      if (one.id !== undefined) ids.add(one.id);
      return one;
    },
  };
}

/** The record, where the secret is one for it: a scheme may know another kind of key beside. */
function recordOf({ provider: { scheme }, secret }: Bench): HmacRecord | undefined {
  const { record } = scheme;
  return record && secretFault(record, secret) === undefined ? record : undefined;
}

/** How long before the end of a story an event fires, ms. */
function yetToCome({ events }: Provider, event: string): number {
  const ages = Object.values(events).map(({ age }) => age);
  return (Math.max(...ages) - (events[event]?.age ?? 0)) * 1000;
}

const hash = (text: string): Buffer => createHash('sha512').update(text).digest();
const numberOf = (text: string): number => hash(text).readUInt32LE(0);

/** As long as the public example, and made as it is. */
function otherSecretOf({ scheme, exampleSecret }: Provider, text: string): string {
  const bytes = hash(`other ${text}`).subarray(0, 32);
  return (
    scheme.secretLike?.(exampleSecret, bytes) ??
    `other-${bytes.toString('hex')}`.slice(0, Math.max(16, exampleSecret.length))
  );
}
