import { conclude, type Inference } from './conclude.ts';
import { type Explain, likely, unlikely } from './explain.ts';
import { Findings } from './findings.ts';
import { keysOf } from './keys.ts';
import type { Sample } from './sample.ts';
import { inTurns } from './turns.ts';
import { type InferOptions, leaveOut, leftOutWords, type Searching, type Work } from './work.ts';

/**
 * Finds the scheme by which deliveries are signed: what is likely is tried for all of them; then, where nothing was
 * found, the whole product for all of them.
 */
export function* infer(given: readonly Sample[], options: InferOptions): Searching<Inference> {
  const work = begin(given, options);
  const found = new Findings(work);
  const rest = yield* searchAll(work.samples, likely, found, work);
  // What a scheme that was found does not fit is damaged, most likely, or of somebody else.
  const isThrough = options.quick || found.all.length > 0;
  if (isThrough)
    for (const sample of rest)
      leaveOut(work, 'contents of three and four parts that are not in common use', sample);
  const unexplained = isThrough ? rest : yield* searchAll(rest, unlikely, found, work);
  work.tried.left_out = leftOutWords(work);
  return conclude(found.all, unexplained, work);
}

/** Goes through deliveries in turns, and gives those that nothing fits, in their order. */
function* searchAll(
  samples: readonly Sample[],
  explain: Explain,
  found: Findings,
  work: Work,
): Searching<Sample[]> {
  const unexplained: Sample[] = [];
  for (const group of byBody(samples)) {
    const { searched, unsearched } = yield* inTurns(group, explain, {
      found,
      work,
      enough: explain === unlikely,
    });
    unexplained.push(...searched, ...unsearched);
    for (const sample of unsearched) leaveOut(work, 'all but what was found for others', sample);
  }
  return [...work.numbers.keys()].filter((sample) => unexplained.includes(sample));
}

/** An empty body stands nowhere and everywhere: what has one says more, and goes first. */
const byBody = (samples: readonly Sample[]): Sample[][] => [
  samples.filter(({ received }) => received.body.length > 0),
  samples.filter(({ received }) => received.body.length === 0),
];

function begin(given: readonly Sample[], options: InferOptions): Work {
  const keys = keysOf(options.secrets);
  return {
    samples: byBody(given).flat(),
    keys,
    options,
    clock: {},
    numbers: new Map(given.map((sample, index) => [sample, index + 1])),
    leftOut: new Map(),
    tried: {
      captures: given.length,
      secrets: options.secrets.length,
      carriers: 0,
      signatures: 0,
      digests: 0,
      encodings: 0,
      keys: keys.length,
      contents: 0,
      hashes: 0,
      left_out: [],
    },
  };
}
