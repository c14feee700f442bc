import { UsageError } from '../errors.ts';

/** The status of the n-th answer, from 0; the last one repeats. */
export type Script = (index: number) => number;

/**
 * Reads `500x2,200`: twice 500, then 200 for good.
 * @throws {UsageError} for anything else
 */
export function parseScript(text: string): Script {
  const runs = text.split(',').map((part) => {
    const [, status, times = '1'] = /^\s*([2-5]\d\d)(?:x(\d{1,9}))?\s*$/.exec(part) ?? [];
    if (status === undefined || Number(times) < 1) {
      throw new UsageError(`--respond "${text}": "${part}" is no status`, 'write 503, or 500x2,200');
    }
    return { status: Number(status), times: Number(times) };
  });
  return (index) => {
    let left = index;
    for (const { status, times } of runs) {
      if (left < times) return status;
      left -= times;
    }
    return (runs.at(-1) as { status: number }).status;
  };
}
