import { UsageError } from '../errors.ts';
import type { Provider } from './provider.ts';
import { type EventFilter, eventFilter } from './select.ts';
import type { Verdict } from './types.ts';

/** So many valid deliveries of some events, at least. */
export interface Expectation {
  /** As it was written: `fulfillment.*=3`. */
  readonly text: string;
  readonly fits: EventFilter;
  readonly least: number;
}

/** More deliveries than a listener could take in a week are not expected. */
const mostExpected = 1_000_000_000;

/**
 * Reads `order.created`, `fulfillment.*=3` or `shoprocket:order.created`.
 * @param only the one provider whose deliveries there can be
 * @param shown which deliveries are looked at; all, unless it says otherwise
 * @throws {UsageError} for a count below 1, a name that no provider has, or one of which nothing is looked at
 */
export function parseExpectation(
  text: string,
  providers: readonly Provider[],
  only?: Provider,
  shown?: EventFilter,
): Expectation {
  const [, pattern = '', count] = /^(.*?)(?:=(.*))?$/s.exec(text) ?? [];
  const least = count === undefined ? 1 : /^\d+$/.test(count) ? Number(count) : 0;
  if (least < 1 || least > mostExpected)
    throw new UsageError(
      `--expect "${text}": "${count}" is not a count from 1 to ${mostExpected}`,
      'write order.created=3',
    );
  const fits = eventFilter([pattern], providers, only);
  const meets = (provider: Provider) =>
    Object.keys(provider.events)
      .map((event) => ({ provider: provider.name, event }))
      .some((delivery) => fits(delivery) && (shown?.(delivery) ?? true));
  if (!(only ? [only] : providers).some(meets))
    throw new UsageError(
      `--expect "${text}" can never be met: --events leaves out all that it names`,
      'add it to -e, or leave one of them out',
    );
  return { text, fits, least };
}

/** How far the expectations are met. */
export class Progress {
  readonly #expectations: readonly Expectation[];
  readonly #counts: number[];

  constructor(expectations: readonly Expectation[]) {
    this.#expectations = expectations;
    this.#counts = expectations.map(() => 0);
  }

  /** Counts a delivery; an invalid one meets nothing. */
  add(verdict: Verdict): void {
    if (!verdict.valid) return;
    for (const [index, { fits }] of this.#expectations.entries()) {
      if (fits(verdict)) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    }
  }

  /** What is missing, in words: `fulfillment.*: 1 of 3`. */
  get missing(): string[] {
    return this.#expectations.flatMap(({ text, least }, index) => {
      const count = this.#counts[index] ?? 0;
      return count < least ? [`${text.replace(/=\d+$/, '')}: ${count} of ${least}`] : [];
    });
  }
}
