import { setImmediate as turn } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { clausesOf, contract } from '../core/contract.ts';
import type { ContractFact } from '../core/facts.ts';
import { payloadMaker } from '../core/fake.ts';
import { printable } from '../core/printable.ts';
import { findProvider } from '../core/select.ts';
import { makeValidate } from '../core/validate.ts';
import { isoTime } from '../core/wire.ts';
import { codeAfter } from '../exit-codes.ts';
import { ndjson } from '../report/ndjson.ts';
import { openProgress } from '../report/progress.ts';
import { openChalk, type ReportFlags } from './reporting.ts';
import { type ConfigFlags, openSettings } from './settings.ts';

export interface TestFlags extends ConfigFlags, ReportFlags {}

/** Holds a provider against the contract; 0 when it keeps every clause. */
export async function testProvider(name: string, flags: TestFlags, context: Context): Promise<number> {
  const { providers } = await openSettings(flags, context);
  const provider = findProvider(name, providers);
  const now = context.now();
  const chalk = await openChalk(flags, context);
  const tell = flags.json ? ndjson(context).fact : undefined;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const marks = { passed: '', failed: `${chalk.red('✗')} `, skipped: `${chalk.dim('–')} ` };
  const trial = { providers, validate: makeValidate(), payload: payloadMaker(), now };
  const progress = openProgress(context.err, clausesOf(provider));
  let done = 0;
  for (const found of contract(provider, trial)) {
    // A signal is heard between two clauses.
    await turn();
    if (context.interrupt.aborted) break;
    counts[found.outcome] += 1;
    done += 1;
    progress.update(done);
    const fact: ContractFact = { kind: 'contract', at: isoTime(now), provider: provider.name, ...found };
    if (tell || isTold(fact)) progress.clear();
    if (tell) tell(fact);
    else if (isTold(fact)) context.out.write(`${marks[found.outcome]}${line(fact)}\n`);
  }
  progress.clear();
  if (tell) tell({ kind: 'summary', at: isoTime(now), ...counts });
  else context.out.write(`${provider.name}: ${countWords(counts)}\n`);
  return codeAfter(context.interrupt, counts.failed === 0 ? 0 : 1);
}

/** What was skipped for an event has its reason in a clause of that event that is broken. */
const isTold = ({ outcome, event }: ContractFact): boolean =>
  outcome === 'failed' || (outcome === 'skipped' && event === undefined);

const line = ({ event, clause, reason }: ContractFact): string =>
  printable(`${event === undefined ? '' : `${event}: `}${clause}: ${reason}`);

const countWords = ({ passed, failed, skipped }: Readonly<Record<ContractFact['outcome'], number>>): string =>
  `${passed} clauses kept, ${failed} broken${skipped === 0 ? '' : `, ${skipped} not tried`}`;
