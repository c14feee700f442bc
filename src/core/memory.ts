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
/** Of an identity longer than this the digest is kept. */
const longestKey = 128;

/** What a listener remembers of the deliveries that came: bounded, whatever comes. */
export class Memory {
  readonly #identities = new Latest(keptIdentities);
  readonly #witnesses: Witness[] = [];

  /** Whether a valid delivery of this identity came before. */
  readonly knows = (provider: Provider, id: string): boolean =>
    this.#identities.has(keyOf(provider.name, id));

  get witnesses(): readonly Witness[] {
    return this.#witnesses;
  }

  /** Keeps what later deliveries are held against; a forged one is no reason to call the real one a duplicate. */
  remember(received: Received, verdict: Verdict, providers: readonly Provider[]): void {
    if (verdict.provider === undefined) return;
    if (verdict.valid && verdict.id !== undefined) {
      this.#identities.add(keyOf(verdict.provider, verdict.id));
    }
    const form = providers.find(({ name }) => name === verdict.provider)?.scheme.form;
    // Without an id of its own a delivery's signature cannot be another's.
    const reading = form?.names.id === undefined ? undefined : read(form, received);
    if (!reading?.id || reading.timestamp === undefined || (reading.raw?.length ?? 0) > longest) return;
    if (reading.id.length > longest || reading.timestamp.length > longest) return;
    const signatures = reading.signatures.filter((signature) => signature !== '');
    this.#witnesses.push({ id: reading.id, timestamp: reading.timestamp, signatures });
    if (this.#witnesses.length > keptWitnesses) this.#witnesses.shift();
  }
}

/** What tells an identity from others: it comes from outside, and of a long one the digest is kept. */
function keyOf(provider: string, id: string): string {
  const key = `${provider} ${id}`;
  return key.length <= longestKey ? key : `sha256 ${createHash('sha256').update(key).digest('base64')}`;
}

/** The latest texts, each once. */
class Latest {
  readonly #most: number;
  readonly #texts = new Set<string>();
  /** Stands behind the last that was dropped; to begin anew would be to walk over all that were. */
  readonly #oldest = this.#texts.values();

  constructor(most: number) {
    this.#most = most;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    this.#texts.delete(text);
    this.#texts.add(text);
    if (this.#texts.size > this.#most) this.#texts.delete(this.#oldest.next().value as string);
  }
}
