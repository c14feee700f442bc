import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onAbort, untilAborted } from '../../src/io/abort.ts';

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

describe('a signal that is aborted already', () => {
  it('calls back once, and not before what asks has ended', async () => {
    const called: string[] = [];
    onAbort(AbortSignal.abort(), () => called.push('a'));
    expect(called).toEqual([]);
    await Promise.resolve();
    expect(called).toEqual(['a']);
  });

  it('calls nobody back who takes that back', async () => {
    const called: string[] = [];
    onAbort(AbortSignal.abort(), () => called.push('a'))();
    await Promise.resolve();
    expect(called).toEqual([]);
  });
});

describe('a stream', () => {
  /** What comes of a stream in which one piece is, and whose end never comes. */
  async function read(signal: AbortSignal, piece: () => void) {
    const stream = new PassThrough();
    stream.write('a');
    const pieces: string[] = [];
    for await (const each of untilAborted(stream, signal)) {
      pieces.push(each.toString());
      piece();
    }
    return { pieces, closed: stream.destroyed };
  }

  it('is read until the signal is aborted', async () => {
    const controller = new AbortController();
    expect(await read(controller.signal, () => controller.abort())).toEqual({ pieces: ['a'], closed: true });
  });

  it('is not waited for when the signal is aborted already', async () => {
    expect((await read(AbortSignal.abort(), () => {})).closed).toBe(true);
  });

  it('that fails says so', async () => {
    const stream = new PassThrough();
    stream.destroy(new Error('lost'));
    await expect(untilAborted(stream, undefined).next()).rejects.toThrow('lost');
  });
});
