import type { Inference } from '../../src/core/infer/conclude.ts';
import { infer } from '../../src/core/infer/infer.ts';
import type { Sample } from '../../src/core/infer/sample.ts';
import type { InferOptions, Progress } from '../../src/core/infer/work.ts';
import type { Received } from '../../src/core/types.ts';
import { now } from './deliveries.ts';

type Options = Partial<InferOptions> & { readonly steps?: number };

/** Runs a search to its end, or ends it after so many steps. */
export const inferred = (
  samples: readonly (Received | Sample)[],
  secret: string | readonly string[],
  options: Options = {},
): Inference => searched(samples, secret, options).found;

/** The same, and how many steps it took. */
export function searched(
  samples: readonly (Received | Sample)[],
  secret: string | readonly string[],
  options: Options = {},
): { found: Inference; steps: number } {
  const { steps = Number.POSITIVE_INFINITY, ...rest } = options;
  const secrets = [secret].flat().map((text) => ({ text }));
  const all = samples.map((each) => ('received' in each ? each : { received: each }));
  const running = infer(all, { secrets, now, ...rest });
  for (let step = 0; ; step++) {
    const { done, value } = running.next(step >= steps);
    if (done) return { found: value, steps: step };
    const { done: hashed, total } = value as Progress;
    if (hashed > total) throw new Error(`${hashed} of ${total}`);
  }
}
