import { createHash } from 'node:crypto';
import type { Witness } from './explain.ts';
import { read } from './hmac-header.ts';
import type { Provider } from './provider.ts';
import type { Received, Verdict } from './types.ts';

/** Duplicates are recognised among this many deliveries. */
const keptIdentities = 100_000;
/** A signature is looked for among this many deliveries. */
const keptWitnesses = 200;
/** A header longer than this is not worth remembering. */
const longest = 512;

/** What a listener remembers of the deliveries that came: bounded, whatever comes. */
export class Memory {
  readonly #identities = new Set<string>();
  readonly #witnesses: Witness[] = [];

  /** Whether a valid delivery of this identity came before. */
  readonly knows = (provider: Provider, id: string): boolean =>
    this.#identities.has(digest(provider.name, id));

  get witnesses(): readonly Witness[] {
    return this.#witnesses;
  }

  /** Keeps what later deliveries are held against; a forged one is no reason to call the real one a duplicate. */
  remember(received: Received, verdict: Verdict, providers: readonly Provider[]): void {
    if (verdict.provider === undefined) return;
    if (verdict.valid && verdict.id !== undefined) {
      push(this.#identities, digest(verdict.provider, verdict.id));
    }
    const form = providers.find(({ name }) => name === verdict.provider)?.scheme.form;
    const reading = form && read(form, received);
    if (!reading?.id || reading.timestamp === undefined || (reading.raw?.length ?? 0) > longest) return;
    if (reading.id.length > longest || reading.timestamp.length > longest) return;
    const signatures = reading.signatures.filter((signature) => signature !== '');
    this.#witnesses.push({ id: reading.id, timestamp: reading.timestamp, signatures });
    if (this.#witnesses.length > keptWitnesses) this.#witnesses.shift();
  }
}

/** Identities come from outside and may be long: their digests are kept. */
const digest = (provider: string, id: string): string =>
  createHash('sha1').update(`${provider} ${id}`).digest('base64');

function push(set: Set<string>, value: string): void {
  set.delete(value);
  set.add(value);
  if (set.size > keptIdentities)
    for (const oldest of set) {
      set.delete(oldest);
      break;
    }
}
