import { check } from '../../src/commands/check.ts';
import type { Listed } from '../receivers/serve.ts';
import { type Line, linesOf, makeFolder } from './command.ts';
import { testContext } from './context.ts';
import { examples } from './oracle.ts';

/** What `hooks check` said of a receiver. */
export interface Checked {
  readonly code: number;
  /** Its facts of kind `check`. */
  readonly facts: readonly Line[];
  /** The ids of the rules that failed. */
  readonly failed: readonly string[];
  /** What the failures prove together, in words. */
  readonly diagnoses: readonly string[];
}

/** How it is checked; effects are looked at when `probed`. */
export interface Checking {
  readonly probed?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  /** How long the provider waits, where it is to be another time than it is, ms. */
  readonly policyMs?: number | undefined;
}

/** Starts a receiver and checks it, as the command does, in this process. */
export async function checked(
  { provider, start }: Listed,
  { probed, timeoutMs, policyMs }: Checking = {},
): Promise<Checked> {
  const running = await start({ secret: examples[provider] });
  using folder = makeFolder();
  const policies = { [provider]: { timeoutMs: policyMs } };
  const context = { ...testContext(), now: Date.now };
  const code = await check(
    provider,
    {
      to: running.url,
      json: true,
      ...(provider === 'roastify' ? {} : { scheme: 'assumed' as const }),
      seed: 7,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...(policyMs === undefined
        ? {}
        : { config: folder.file('hooks.config.json', JSON.stringify({ policies })) }),
      ...(probed ? { effectUrl: `${running.url}effects`, effectWait: 300 } : {}),
    },
    context,
  );
  await running.close();
  const lines = linesOf(context.out.text());
  const facts = lines.filter(({ kind }) => kind === 'check');
  return {
    code,
    facts,
    failed: facts.filter(({ outcome }) => outcome === 'failed').map(({ rule }) => rule),
    diagnoses: lines.filter((line) => line.code === 'DIAGNOSIS').map(({ message }) => message),
  };
}
