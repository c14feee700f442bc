import { describe, expect, it } from 'vitest';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../src/core/quantity.ts';
import { UsageError } from '../../src/errors.ts';

describe('a length of time', () => {
  it.each([
    ['500ms', 500],
    ['15s', 15_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['0s', 0],
    ['2S', 2000],
    [' 3s ', 3000],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '',
    '5',
    's',
    '-1s',
    '1 s',
    '1w',
    '1e3s',
    '.5s',
    '5.s',
    'Infinitys',
    `${'9'.repeat(20)}s`,
    '1constructor',
    '1__proto__',
  ])('is refused: "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(UsageError);
    expect(() => parseDuration(text)).toThrow(/not a length of time/);
  });

  it.each([
    [12.4, '12 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [1550, '1.6 s'],
    [300_000, '5 min'],
    [36_000_000, '10 h'],
    [172_799_999, '48 h'],
    [172_800_000, '2 d'],
  ])('%d is shown as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('a size', () => {
  it.each([
    ['512b', 512],
    ['64kb', 65_536],
    ['1mb', 1_048_576],
    ['1.5MB', 1_572_864],
    ['2gb', 2_147_483_648],
  ])('%s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', '1', 'mb', '-1mb', '1tb', '1 mb'])('is refused: "%s"', (text) => {
    expect(() => parseSize(text)).toThrow(/not a size/);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 kB'],
    [1536, '1.5 kB'],
    [10_485_760, '10 MB'],
  ])('%d is shown as %s', (size, text) => expect(formatSize(size)).toBe(text));
});
