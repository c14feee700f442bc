import type { CheckEnd } from '../actions/check.ts';
import { baselineWords } from '../core/check/baseline.ts';
import { causesOf } from '../core/check/diagnose.ts';
import { openWords } from '../core/check/open.ts';
import type { Shortfall } from '../core/check/shortfall.ts';
import { brokenWords, findingWords, goneWords } from '../core/check/words.ts';
import { clip } from '../core/printable.ts';
import { isSigned } from '../core/select.ts';
import type { Result } from './check-result.ts';
import type { Plan } from './checking.ts';
import { probeHint } from './probing.ts';
import { exampleAdvice } from './secrets.ts';

/** How a check ended. */
export interface Ending {
  /** The exit code, but for an interruption. */
  readonly code: number;
  readonly shortfall?: Shortfall;
  /** What may be done about it: the code of a notice, and its words. */
  readonly advice?: ReadonlyArray<readonly [code: 'CAUSE' | 'HINT', words: string]>;
}

/** What the end of a check means, with what came of the rules. */
export function endingOf(end: CheckEnd, result: Result, plan: Plan, interrupt: AbortSignal): Ending {
  const code = result.fails ? 1 : 0;
  if (interrupt.aborted && result.facts.some(({ unfinished }) => unfinished))
    return short(code, 'INTERRUPTED', 'the check was interrupted; the rules that are left were not tried');
  if (end.kind === 'done') return doneEnding(code, result);
  if (end.kind === 'probe') return blindEnding(end, plan);
  if (end.kind === 'baseline') return baselineEnding(end, plan);
  if (end.kind === 'limited')
    return short(
      1,
      'RATE_LIMITED',
      `${end.why}; the rules that are left were not tried: lift its limit for the check`,
    );
  if (end.kind === 'broken')
    return short(1, 'RECEIVER_BROKEN', brokenWords(end), [['HINT', findingWords(end)]]);
  return short(3, 'RECEIVER_GONE', goneWords(end));
}

const short = (
  code: number,
  name: Shortfall['code'],
  message: string,
  advice: Ending['advice'] = [],
): Ending => ({ code, shortfall: { code: name, message }, advice });

/** Every rule was run: that nothing is known, or not enough, is no success. */
function doneEnding(code: number, { judges, open }: Result): Ending {
  if (open.length > 0) return short(code, 'UNDECIDED', openWords(open));
  return judges
    ? { code }
    : short(1, 'NOTHING_JUDGED', 'nothing was judged: every rule was skipped, so nothing is known');
}

/** What shows the effects shows none, or others: nothing could be judged for what was given, as with any wrong option. */
function blindEnding({ why, moved }: Extract<CheckEnd, { kind: 'probe' }>, { repeated }: Plan): Ending {
  return short(
    2,
    'EFFECT_UNSEEN',
    `the effect cannot be judged: ${clip(why, 400)}; what was given to show it is not usable, so nothing was judged`,
    [['HINT', probeHint(moved === false, repeated)]],
  );
}

function baselineEnding(
  { tried: { answer } }: Extract<CheckEnd, { kind: 'baseline' }>,
  { bench, example, target }: Plan,
): Ending {
  const isAnswered = 'status' in answer;
  const held = example && isAnswered && isSigned(bench.provider);
  return short(isAnswered ? 1 : 3, 'BASELINE_REFUSED', baselineWords(answer, target.url.host), [
    ...causesOf(answer, bench).map((cause) => ['CAUSE', `perhaps ${cause}`] as const),
    ...(held ? [['HINT', exampleAdvice(bench.provider)] as const] : []),
  ]);
}
