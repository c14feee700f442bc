import { type Expectation, Progress } from './expect.ts';
import type { Verdict } from './types.ts';

/** How a listener's assertion ended: whether all went as it should, and if not, why. */
export type Ending =
  | { readonly met: true }
  | {
      readonly met: false;
      readonly code: 'EXPECTATION_UNMET' | 'COMMAND_FAILED';
      readonly why: string;
    };

/** How a gate takes deliveries. */
export interface GateManner {
  /** The first delivery decides. */
  readonly once: boolean;
  /** Something else ends it: that everything has come is not the end, for an invalid delivery may still come. */
  readonly lasts: boolean;
}

/** Decides from one delivery after the other whether what was expected has come. */
export class Gate {
  readonly #progress: Progress;
  readonly #manner: GateManner;
  /** What no later delivery changes. */
  #settled: Ending | undefined;

  constructor(expectations: readonly Expectation[], manner: GateManner) {
    this.#progress = new Progress(expectations);
    this.#manner = manner;
  }

  /** The end, if this delivery or an earlier one is it. */
  take(verdict: Verdict): Ending | undefined {
    this.#settled ??= this.#decide(verdict);
    return this.#settled;
  }

  /** The end, for a delivery came that could not be read, and why. */
  refuse(why: string): Ending {
    this.#settled ??= unmet(`an unreadable delivery came: ${why}`);
    return this.#settled;
  }

  #decide(verdict: Verdict): Ending | undefined {
    if (!verdict.valid) return unmet(`an invalid delivery came: ${codesOf(verdict)}`);
    this.#progress.add(verdict);
    const missing = this.#progress.missing.join(', ');
    const { once, lasts } = this.#manner;
    if (missing === '') return once || !lasts ? { met: true } : undefined;
    return once ? unmet(`the first delivery was ${nameOf(verdict)}; missing ${missing}`) : undefined;
  }

  /** What has not come yet, in words; empty when nothing is missing. */
  get missing(): string {
    const first = this.#manner.once && !this.#settled ? 'a delivery' : '';
    return this.#progress.missing.join(', ') || first;
  }

  /**
   * The end, when nothing more comes.
   * @param when what made it so: `within 10 s`
   */
  close(when: string): Ending {
    const { missing } = this;
    this.#settled ??= missing === '' ? { met: true } : unmet(`${when} there did not come ${missing}`);
    return this.#settled;
  }
}

const unmet = (why: string): Ending => ({ met: false, code: 'EXPECTATION_UNMET', why });

const codesOf = ({ problems }: Verdict): string =>
  problems.flatMap(({ code, severity }) => (severity === 'error' ? code : [])).join(', ');

const nameOf = ({ provider, event }: Verdict): string => `${provider}:${event ?? 'unknown'}`;
