import { expect, it } from 'vitest';
import { makePatience } from '../../../src/actions/check/patience.ts';
import type { Answer } from '../../../src/core/types.ts';
import { answered, failed } from '../../helpers/battery.ts';

/** How long a bad delivery and a genuine one are waited for, and what was told. */
const patience = (timeoutMs: number, ...answers: readonly Answer[]) => {
  const told: number[] = [];
  const made = makePatience(timeoutMs, (ms) => void told.push(ms));
  for (const answer of answers) made.note(answer);
  return [made.ms('refuse'), made.ms('accept'), told];
};
const late = failed('timeout', 15_000);

it.each<[string, unknown, unknown]>([
  ['lasts while answers come', patience(15_000, answered(200, 9000), answered(500)), [15_000, 15_000, []]],
  ['lasts through two that do not', patience(15_000, late, late, failed('reset')), [15_000, 15_000, []]],
  [
    'is shorter after three, and that is told once',
    patience(15_000, late, late, late, late),
    [500, 1000, [500]],
  ],
  [
    'leaves time for the slowest answer',
    patience(15_000, answered(200, 700), late, late, late),
    [2800, 2800, [2800]],
  ],
  [
    'leaves time for one that was slower later',
    patience(15_000, late, late, late, answered(200, 900)),
    [3600, 3600, [500]],
  ],
  [
    'is not shorter where answers are that slow',
    patience(15_000, answered(200, 4000), late, late, late),
    [15_000, 15_000, []],
  ],
  ['is not shorter than it was asked to be', patience(300, late, late, late), [300, 300, []]],
  ['is what was asked for where that is less', patience(800, late, late, late), [500, 800, [500]]],
])('%s', (_, found, expected) => {
  expect(found).toEqual(expected);
});
