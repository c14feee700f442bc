import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/io/lines.ts';

async function* piecesOf(...pieces: (string | Uint8Array)[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function split(limit: number, ...pieces: (string | Uint8Array)[]) {
  const lines: [number, number, string | undefined][] = [];
  for await (const { number, offset, bytes } of linesOf(piecesOf(...pieces), limit))
    lines.push([number, offset, bytes?.toString()]);
  return lines;
}

describe('lines', () => {
  it('have numbers and places, lie across pieces, and are left out where they are empty', async () => {
    expect(await split(100, 'a', 'b\n\nc\r', '\nd')).toEqual([
      [1, 0, 'ab'],
      [3, 4, 'c\r'],
      [4, 7, 'd'],
    ]);
  });

  it('of nothing are none', async () => {
    expect(await split(100)).toEqual([]);
    expect(await split(100, '', 'a\n', '')).toEqual([[1, 0, 'a']]);
  });

  it('that are too long are told once, without their bytes', async () => {
    expect(await split(3, 'abc\nab', 'cd', 'ef\nx\nabcd')).toEqual([
      [1, 0, 'abc'],
      [2, 4, undefined],
      [3, 11, 'x'],
      [4, 13, undefined],
    ]);
  });

  it('that are too long are told before they end', async () => {
    async function* endless() {
      for (;;) yield Buffer.from('aaaa');
    }
    for await (const line of linesOf(endless(), 10)) {
      expect(line).toEqual({ number: 1, offset: 0 });
      break;
    }
  });

  it('are those of the text, however it is cut', async () => {
    const text = fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xff), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (bytes, cuts) => {
        const whole = Buffer.from(bytes);
        const at = [...new Set([0, ...cuts.filter((cut) => cut < whole.length), whole.length])].sort(
          (one, other) => one - other,
        );
        async function* pieces() {
          for (const [index, from] of at.entries()) yield whole.subarray(from, at[index + 1] ?? whole.length);
        }
        const lines: [number, string][] = [];
        for await (const { bytes, number, offset } of linesOf(pieces(), 1000)) {
          expect(whole.subarray(offset, offset + bytes!.length)).toEqual(bytes);
          lines.push([number, bytes!.toString('latin1')]);
        }
        const expected = whole
          .toString('latin1')
          .split('\n')
          .map((line, index): [number, string] => [index + 1, line]);
        expect(lines).toEqual(expected.filter(([, line]) => line !== ''));
      }),
    );
  });
});
