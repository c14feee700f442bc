import { type Expectation, Progress } from './expect.ts';
import type { Verdict } from './types.ts';

/** How a gate ended: whether what was expected came, and if not, why. */
export type Ending = { readonly met: true } | { readonly met: false; readonly why: string };

/** Decides from one delivery after the other whether what was expected has come. */
export class Gate {
  readonly #progress: Progress;
  readonly #once: boolean;

  /** @param once the first delivery decides */
  constructor(expectations: readonly Expectation[], once: boolean) {
    this.#progress = new Progress(expectations);
    this.#once = once;
  }

  /** The end, if this delivery is it. */
  take(verdict: Verdict): Ending | undefined {
    if (!verdict.valid) return { met: false, why: `an invalid delivery came: ${codesOf(verdict)}` };
    this.#progress.add(verdict);
    if (this.#progress.missing.length === 0) return { met: true };
    return this.#once
      ? { met: false, why: `the first delivery was ${nameOf(verdict)}; missing ${this.missing}` }
      : undefined;
  }

  /** What has not come yet, in words. */
  get missing(): string {
    return this.#progress.missing.join(', ') || 'a delivery';
  }
}

const codesOf = ({ problems }: Verdict): string =>
  problems.flatMap(({ code, severity }) => (severity === 'error' ? code : [])).join(', ');

const nameOf = ({ provider, event }: Verdict): string => `${provider}:${event ?? 'unknown'}`;
