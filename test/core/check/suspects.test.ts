import { expect, it } from 'vitest';
import type { Trial } from '../../../src/core/check/rule.ts';
import {
  firstAlone,
  lateMs,
  likeliestFirst,
  oddOnes,
  openAt,
  type Sent,
  sinceAccepted,
  unproved,
} from '../../../src/core/check/suspects.ts';
import {
  brokenWords,
  findingWords,
  goneWords,
  mendedWords,
  suspectWords,
  wentWords,
} from '../../../src/core/check/words.ts';
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

const ids = (list: readonly Sent[]) => list.map(({ rule }) => rule);

it('what ended before a genuine delivery that was accepted was sent has left nothing behind', () => {
  const list = [sent('before', [0, 2]), sent('beside', [1, 4])];
  const genuine = { expect: 'accept', role: 'twin' } as const;
  expect(ids(sinceAccepted(list, sent('plain', [3, 5], answered(204), genuine)))).toEqual(['beside']);
  expect(ids(sinceAccepted(list, sent('refused', [3, 5], answered(500), genuine)))).toEqual([
    'before',
    'beside',
    'refused',
  ]);
  const special = sent('special', [3, 5], answered(204), { expect: 'accept' });
  expect(ids(sinceAccepted(list, special))).toEqual(['beside', 'special']);
  const forged = sent('forged', [3, 5], answered(204), { expect: 'refuse' });
  expect(ids(sinceAccepted(list, forged))).toEqual(['before', 'beside', 'forged']);
});

it('a rule is to blame that was first, and had the receiver to itself', () => {
  const first = [sent('first', [0, 2]), sent('first', [1, 4])];
  const [late, beside] = [sent('later', [4, 5]), sent('beside', [3, 5])];
  expect(firstAlone([...first, late], answered(500))).toBe('first');
  expect(firstAlone([...first, beside], answered(500))).toBeUndefined();
  for (const status of [401, 403]) expect(firstAlone(first, answered(status))).toBeUndefined();
  const forged = sent('taken', [4, 6], answered(200), { expect: 'refuse' });
  expect(ids(unproved([...first, late, forged], answered(500)))).toEqual(['later']);
});

it('plain deliveries are named only where there is nothing else', () => {
  const [plain, odd] = [sent('plain', [0, 1], answered(500), { role: 'after' }), sent('odd', [0, 1])];
  expect(ids(oddOnes([plain, odd]))).toEqual(['odd']);
  expect(ids(oddOnes([plain]))).toEqual(['plain']);
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
  const refusing = { suspects: named(5), answer: 'answered 500' };
  expect(brokenWords(refusing)).toBe(
    'genuine deliveries are refused (answered 500) since r0 (l), r1 (l), r2 (l), r3 (l) and others that came then; they were accepted before: what was sent there, or shortly before, left something behind; the rules that are left were not tried',
  );
  expect(brokenWords({ ...refusing, banned: true, times: 5 })).toMatch(
    /^genuine .* \(answered 500\), for the 5th time, since r0 .*; or it bans senders after so many bad ones; the rules/,
  );
  expect(findingWords(refusing)).toMatch(/^start the receiver anew, and send less: --only r0; /);
  expect(findingWords({ ...refusing, banned: true })).toMatch(/^let the receiver ban nobody .*; or start/);
  expect(mendedWords(refusing)).toMatch(
    /^genuine deliveries were refused for a while \(answered 500\) since r0/,
  );
});
