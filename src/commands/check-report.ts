import type { Context } from '../context.ts';
import type { Provider } from '../core/provider.ts';
import { UsageError } from '../errors.ts';
import { openOutput } from '../io/output.ts';
import type { CheckResult } from '../report/check-result.ts';
import type { Reporter } from '../report/reporter.ts';
import type { CheckFlags } from './checking.ts';
import { openChalk, reportIo } from './reporting.ts';

/** What is asked for on stdout in place of the table. */
const onStdout = ({ junit, markdown }: CheckFlags): boolean => junit === '-' || markdown === '-';

/** The report that the flags ask for while the check runs. */
export async function openReport(provider: Provider, flags: CheckFlags, context: Context): Promise<Reporter> {
  const io = reportIo(context, [provider]);
  if (flags.json) {
    const { ndjson } = await import('../report/ndjson.ts');
    return ndjson(io);
  }
  const { checkReport } = await import('../report/check.ts');
  const report = checkReport(io, await openChalk(flags, context), flags.showSecrets ?? false);
  if (!onStdout(flags)) return report;
  return { fact: (fact) => fact.kind === 'notice' && report.fact(fact) };
}

/** @throws {UsageError} where two results would go to one place */
export function refuseFiles(flags: CheckFlags): void {
  const { junit, markdown, json } = flags;
  if (json && onStdout(flags))
    throw new UsageError(
      `with --json stdout has the facts alone, so ${junit === '-' ? '--junit -' : '--markdown -'} cannot apply`,
      'name a file, or leave --json out',
    );
  if (junit !== undefined && junit === markdown)
    throw new UsageError(
      `--junit and --markdown would both write ${junit === '-' ? 'to stdout' : junit}`,
      'name two files',
    );
}

/** Writes the files that were asked for. */
export type WriteFiles = (result: CheckResult) => Promise<void>;

/**
 * Opens the files now: a result that cannot be kept is not worth the work.
 * @throws {UsageError} when one cannot be written; so does what it gives, when the others are written
 */
export function openFiles({ junit, markdown }: CheckFlags, { out }: Context): WriteFiles {
  const forms = [
    ['--junit', junit, async () => (await import('../report/junit.ts')).junit],
    ['--markdown', markdown, async () => (await import('../report/markdown.ts')).markdown],
  ] as const;
  const files = forms.flatMap(([option, path, form]) =>
    path === undefined ? [] : [{ form, file: path === '-' ? out : openOutput(path, option) }],
  );
  return async (result) => {
    const faults: unknown[] = [];
    for (const { form, file } of files) {
      const text = (await form())(result);
      try {
        file.write(text);
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  };
}
