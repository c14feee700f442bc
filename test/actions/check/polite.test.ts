import { describe, expect, it } from 'vitest';
import { type Manners, politely } from '../../../src/actions/check/polite.ts';
import type { Answer } from '../../../src/core/types.ts';
import { answered, failed } from '../../helpers/battery.ts';
import { now } from '../../helpers/deliveries.ts';

const limited = (after?: string): Answer => ({
  ...(answered(429) as Extract<Answer, { status: number }>),
  headers: after === undefined ? [] : [['Retry-After', after]],
});

/** A sender that gives these answers in turn, the last one again and again, and what it was told and asked. */
function polite(answers: readonly Answer[], more: Partial<Manners> = {}) {
  const pauses: number[] = [];
  const sent: string[] = [];
  const send = politely(
    async (message: string) => {
      sent.push(message);
      return answers[Math.min(sent.length, answers.length) - 1]!;
    },
    { now: () => now, signal: new AbortController().signal, slowed: (ms) => void pauses.push(ms), ...more },
  );
  return { send, pauses, sent };
}

describe('an answer of 429', () => {
  it('is tried again after a pause, longer each time', async () => {
    const { send, pauses, sent } = polite([limited(), limited(), answered(200)]);
    expect(await send('a')).toEqual(answered(200));
    expect(sent).toEqual(['a', 'a', 'a']);
    expect(pauses).toEqual([250, 500]);
  });

  it.each([
    ['in seconds', '1', 1000],
    ['as a date', new Date(now + 1000).toUTCString(), 1000],
    ['of no seconds', '0', 250],
    ['in the past', new Date(now - 86_400_000).toUTCString(), 250],
    ['that nobody understands', 'soon', 250],
  ])('may say how long, %s', async (_, after, ms) => {
    const { send, pauses, sent } = polite([limited(after), answered(200)]);
    expect(await send('a')).toEqual(answered(200));
    expect([pauses, sent.length]).toEqual([[ms], 2]);
  });

  it('that asks for more than half a minute is handed on at once', async () => {
    const { send, pauses, sent } = polite([limited('31')]);
    expect(await send('a')).toEqual(limited('31'));
    expect([pauses, sent.length]).toEqual([[], 1]);
  });

  it('that comes again and again is handed on after four tries', async () => {
    const { send, sent } = polite([limited()]);
    expect(await send('a')).toEqual(limited());
    expect(sent).toHaveLength(4);
  });

  it('makes all wait, and is told once', async () => {
    const { send, pauses, sent } = polite([limited(), limited(), answered(200)]);
    await Promise.all([send('a'), send('b')]);
    expect(pauses).toEqual([250]);
    // Which of the two wakes first is the timers' business.
    expect(sent.toSorted()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('ends with an interruption', async () => {
    const stop = new AbortController();
    const { send, sent } = polite([limited('20')], { signal: stop.signal, slowed: () => stop.abort() });
    await send('a');
    expect(sent.length).toBeLessThan(3);
  });
});

describe('a receiver that is not there', () => {
  it('at first is not waited for', async () => {
    const { send, sent } = polite([failed('refused')]);
    expect(await send('a')).toEqual(failed('refused'));
    expect(sent).toHaveLength(1);
  });

  it('at first is waited for as long as was asked', async () => {
    const { send, sent } = polite([failed('refused'), failed('refused'), answered(200)], { waitMs: 20_000 });
    expect(await send('a')).toEqual(answered(200));
    expect(sent).toHaveLength(3);
  });

  it('any more is handed on at once', async () => {
    const { send, sent } = polite([answered(200), failed('refused')], { waitMs: 20_000 });
    await send('a');
    expect(await send('b')).toEqual(failed('refused'));
    expect(sent).toEqual(['a', 'b']);
  });

  it.each(['timeout', 'reset', 'aborted'] as const)(
    'is another than one that fails by %s',
    async (failure) => {
      const { send, sent } = polite([failed(failure)], { waitMs: 20_000 });
      expect(await send('a')).toEqual(failed(failure));
      expect(sent).toHaveLength(1);
    },
  );
});
