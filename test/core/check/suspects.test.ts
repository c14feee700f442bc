import { expect, it } from 'vitest';
import type { Trial } from '../../../src/core/check/rule.ts';
import { lateMs, likeliestFirst, openAt, type Sent } from '../../../src/core/check/suspects.ts';
import { goneWords, suspectWords, wentWords } from '../../../src/core/check/words.ts';
import { answered, failed, triedWith } from '../../helpers/battery.ts';

const sent = (
  rule: string,
  [from, to]: readonly [number, number],
  answer = answered(204),
  trial: Partial<Trial> = {},
): Sent => ({ rule, from, to, tried: triedWith(trial, answer) });

it('what was cut off is likelier than what was answered, and what is special than a plain delivery', () => {
  const list = [
    sent('answered first', [0, 1]),
    sent('answered last', [1, 4]),
    sent('plain and dropped', [1, 6], failed('reset'), { role: 'after' }),
    sent('plain', [2, 5], answered(204), { role: 'twin' }),
    sent('dropped second', [3, 5], failed('reset')),
    sent('dropped first', [2, 7], failed('reset')),
    sent('a gateway had nobody', [4, 5], answered(502)),
    sent('met nobody', [8, 9], failed('refused')),
  ];
  expect(likeliestFirst(list).map(({ rule }) => rule)).toEqual([
    'dropped first',
    'dropped second',
    'a gateway had nobody',
    'answered last',
    'answered first',
    'plain and dropped',
    'plain',
  ]);
});

it('what was answered long before it was seen alive is no suspect', () => {
  const list = [sent('long ago', [0, 10]), sent('just now', [0, 11])];
  expect(openAt(list, lateMs + 10).map(({ rule }) => rule)).toEqual(['just now']);
});

it('words claim what is known', () => {
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ rule: `r${index}`, label: 'l' }));
  expect(suspectWords(named(2))).toBe('it went at, or shortly after: r0 (l), r1 (l)');
  expect(suspectWords(named(9))).toMatch(/: r0 \(l\), .*, r3 \(l\) and others of its last half second$/);
  expect(wentWords(named(1), true)).toBe('it went again at r0 (l), sent alone');
  expect(wentWords(named(1), false)).toMatch(/^it went at, or shortly after: r0 \(l\); .* none of it/);
  expect(goneWords({ suspects: named(1) })).toMatch(
    /^the receiver is gone: it went at, or shortly after: r0 \(l\); /,
  );
  expect(goneWords({ suspects: named(1), gateway: true })).toMatch(
    /^the receiver is gone \(a gateway answers/,
  );
  expect(goneWords({ suspects: named(1), times: 3 })).toMatch(
    /^the receiver went 3 times, and nothing that was sent explains it/,
  );
});
