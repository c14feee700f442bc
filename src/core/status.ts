import { UsageError } from '../errors.ts';

/** Whether an HTTP status is one of those meant. */
export type StatusTest = (status: number) => boolean;

/**
 * Reads a list such as `401`, `4xx` or `2xx,409`.
 * @throws {UsageError} for anything else
 */
export function parseStatuses(text: string): StatusTest {
  const tests = text.split(',').map((part) => {
    const pattern = part.trim().toLowerCase();
    if (!/^[1-5](?:\d\d|xx)$/.test(pattern)) {
      throw new UsageError(`"${text}" is not a list of statuses`, 'write 401, 4xx or 2xx,409');
    }
    return pattern.endsWith('xx') ? Number(pattern[0]) * 100 : Number(pattern);
  });
  const whole = text.split(',').map((part) => /xx$/i.test(part.trim()));
  return (status) =>
    tests.some((wanted, i) => (whole[i] ? Math.floor(status / 100) * 100 : status) === wanted);
}
