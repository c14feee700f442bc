import { expect, it } from 'vitest';
import { findCulprit } from '../../../src/actions/check/culprit.ts';
import { likeliestFirst, type Sent } from '../../../src/core/check/suspects.ts';
import { answered, triedWith } from '../../helpers/battery.ts';

const ruleIds = Array.from({ length: 40 }, (_, index) => `r${index}`);
const labels = ['a', 'b', 'c'];
const all = ruleIds.flatMap((rule) => labels.map((label) => ({ rule, label })));
type Unit = (typeof all)[number];

const sentOf = ({ rule, label }: Unit, at: number, together = false): Sent => ({
  rule,
  tried: triedWith({ label, together }, answered(204)),
  from: at,
  to: at,
});

/** A receiver that goes once `goesAt` says so of what was sent to its process, but is seen gone after a few more only. */
function receiver(
  goesAt: (sent: readonly Unit[]) => boolean,
  { lag = 0, times = 99, together = false } = {},
) {
  let process: Unit[] = [];
  let goings = 0;
  const isGone = () => goesAt(process.slice(0, process.length - lag));
  return {
    send: async (rule: string, label?: string) => {
      for (const unit of all.filter((each) => each.rule === rule && (label ?? each.label) === each.label))
        if (!isGone()) process.push(unit);
    },
    gone: async () => {
      if (!goesAt(process)) return [];
      goings += 1;
      return likeliestFirst(process.map((unit, at) => sentOf(unit, at, together)));
    },
    back: async () => {
      if (goings > times) return false;
      process = [];
      return true;
    },
    goings: () => goings,
  };
}
const suspects = likeliestFirst(all.map((unit, at) => sentOf(unit, at)));
const named = (sent: Sent | undefined) => sent && `${sent.rule} ${sent.tried.trial.label}`;
const has = (rule: string, label: string) => (sent: readonly Unit[]) =>
  sent.some((each) => each.rule === rule && each.label === label);

it.each([
  ['r39', 'c'],
  ['r39', 'a'],
  ['r17', 'b'],
  ['r0', 'a'],
])('finds %s %s, in few goings, however late they are', async (rule, label) => {
  for (const lag of [0, 5, 50]) {
    const made = receiver(has(rule, label), { lag });
    expect(named(await findCulprit(suspects, made))).toBe(`${rule} ${label}`);
    expect(made.goings()).toBeLessThanOrEqual(9);
  }
});

it('finds the rule of what it takes several messages to do', async () => {
  const made = receiver((sent) => has('r7', 'a')(sent) && has('r7', 'c')(sent));
  expect((await findCulprit(suspects, made))?.rule).toBe('r7');
});

it('finds the rule of what it takes several messages at once to do', async () => {
  const made = receiver((sent) => sent.filter(({ rule }) => rule === 'r7').length === 3, { together: true });
  expect((await findCulprit(suspects, made))?.rule).toBe('r7');
});

it('names nothing that stays, nothing that takes two rules, and nothing where it does not come back', async () => {
  expect(
    await findCulprit(
      suspects,
      receiver(() => false),
    ),
  ).toBeUndefined();
  const both = receiver((sent) => has('r7', 'a')(sent) && has('r30', 'a')(sent));
  expect(await findCulprit(suspects, both)).toBeUndefined();
  expect(await findCulprit(suspects, receiver(has('r17', 'b'), { times: 0 }))).toBeUndefined();
});

it('names what was sent alone although it does not come back of that', async () => {
  const made = receiver(has('r39', 'c'), { times: 0 });
  expect(named(await findCulprit(suspects, made))).toBe('r39 c');
});
