import type { Context } from '../context.ts';
import { UsageError } from '../errors.ts';
import type { Recording } from '../io/recording.ts';
import type { Reporter } from '../report/reporter.ts';
import { notice } from './reporting.ts';

/**
 * Opens the recording that `--record` names; what cannot be written is shouted.
 * @throws {UsageError} when the file cannot be written, or holds something else, or is none
 */
export async function openRecord(
  path: string | undefined,
  reporter: Reporter,
  context: Context,
): Promise<Recording | undefined> {
  if (path === undefined) return undefined;
  if (path === '-')
    throw new UsageError(
      '--record - names no file; on stdout the facts are printed by --json',
      'write hooks listen --json > deliveries.jsonl, or name a file',
    );
  const { openRecording } = await import('../io/recording.ts');
  const failed = (message: string) => notice(context, 'error', 'RECORD_FAILED', message);
  return openRecording(path, {
    onLoss: (reason) =>
      reporter.fact(failed(`--record ${path} cannot be written, facts are lost: ${reason}`)),
    gap: (lost) => ({ ...failed('here facts are lost: they could not be written'), lost }),
  });
}

/** Writes what is left, and says how much was lost; whether it is whole. */
export function closeRecord(recording: Recording | undefined, reporter: Reporter, context: Context): boolean {
  recording?.close();
  const lost = recording?.lost() ?? 0;
  if (lost === 0) return true;
  reporter.fact(
    notice(context, 'error', 'RECORD_FAILED', `the recording is not whole: ${lost} facts are lost`),
  );
  return false;
}
