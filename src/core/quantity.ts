import { UsageError } from '../errors.ts';

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const bytes: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

function quantity(units: Readonly<Record<string, number>>, what: string, examples: string) {
  return (text: string): number => {
    const [, number, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/i.exec(text.trim()) ?? [];
    const factor = unit && Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
    const value = factor === undefined ? Number.NaN : Math.round(Number(number) * factor);
    if (Number.isSafeInteger(value)) return value;
    throw new UsageError(`"${text}" is not ${what}`, `write a number and its unit: ${examples}`);
  };
}

/**
 * A length of time such as `15s`, `500ms`, `2m`, `1h`, in ms.
 * @throws {UsageError} for anything else, a bare number too
 */
export const parseDuration = quantity(milliseconds, 'a length of time', '500ms, 15s, 2m or 1h');

/**
 * A size such as `1mb` or `64kb` (1 kB is 1024 bytes), in bytes.
 * @throws {UsageError} for anything else, a bare number too
 */
export const parseSize = quantity(bytes, 'a size', '512b, 64kb or 1mb');

/** ms as a user reads them: `15 s`, `5 min`, `10 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${round(ms / 60_000)} min`;
  return ms < 2 * 86_400_000 ? `${round(ms / 3_600_000)} h` : `${round(ms / 86_400_000)} d`;
}

/** Bytes as a user reads them: `820 B`, `1.5 kB`. */
export function formatSize(size: number): string {
  if (size < 1024) return `${size} B`;
  return size < 1024 ** 2 ? `${round(size / 1024)} kB` : `${round(size / 1024 ** 2)} MB`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** `3 deliveries`, `1 delivery`. */
export const deliveries = (count: number): string => `${count} ${count === 1 ? 'delivery' : 'deliveries'}`;
