import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onAbort } from '../../src/io/abort.ts';

it('calls back those who still wait, each once, whoever was taken back before and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 }), { maxLength: 60 }), (steps) => {
      const controller = new AbortController();
      const called: number[] = [];
      const waiting = new Map<number, () => void>();
      // A number that waits already is taken back, and then again, which changes nothing.
      for (const [id, number] of steps.entries()) {
        const forget = waiting.get(number);
        forget?.();
        forget?.();
        if (forget) waiting.delete(number);
        else
          waiting.set(
            number,
            onAbort(controller.signal, () => called.push(number + 100 * id)),
          );
      }
      controller.abort();
      controller.abort();
      expect(called.map((each) => each % 100).sort()).toEqual([...waiting.keys()].sort());
    }),
  );
});

it('lets those who are called take themselves back', () => {
  const controller = new AbortController();
  const called: string[] = [];
  const forgets = ['a', 'b', 'c'].map((name, index) =>
    onAbort(controller.signal, () => {
      called.push(name);
      forgets[index]!();
    }),
  );
  controller.abort();
  expect(called.sort()).toEqual(['a', 'b', 'c']);
});

it('waits for nothing without a signal', () => {
  expect(onAbort(undefined, () => {})()).toBeUndefined();
});
