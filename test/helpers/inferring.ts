import { type Inference, infer } from '../../src/core/infer/infer.ts';
import type { Sample } from '../../src/core/infer/sample.ts';
import type { InferOptions, Progress } from '../../src/core/infer/work.ts';
import type { Received } from '../../src/core/types.ts';
import { now } from './deliveries.ts';

/** Runs a search to its end, or stops what is unlikely after so many steps. */
export function inferred(
  samples: readonly (Received | Sample)[],
  secret: string | readonly string[],
  options: Partial<InferOptions> & { readonly steps?: number } = {},
): Inference {
  const { steps = Number.POSITIVE_INFINITY, ...rest } = options;
  const secrets = [secret].flat().map((text) => ({ text }));
  const all = samples.map((each) => ('received' in each ? each : { received: each }));
  const running = infer(all, { secrets, now, ...rest });
  for (let step = 0; ; step++) {
    const { done, value } = running.next(step >= steps);
    if (done) return value;
    const { done: hashed, total } = value as Progress;
    if (hashed > total) throw new Error(`${hashed} of ${total}`);
  }
}
