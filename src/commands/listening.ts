import { type Forwarding, forwardMs, type ListenOptions, startListener } from '../actions/listen.ts';
import type { Context } from '../context.ts';
import type { Fact } from '../core/facts.ts';
import type { Ending } from '../core/gate.ts';
import type { Provider } from '../core/provider.ts';
import { type EventFilter, isSigned } from '../core/select.ts';
import { isoTime } from '../core/wire.ts';
import { codeAfter, interruptionCode } from '../exit-codes.ts';
import type { Bound } from '../io/bind.ts';
import type { Recording } from '../io/recording.ts';
import { defaultLimits } from '../io/server.ts';
import { advice, announce, portAdvice } from './announcing.ts';
import type { RunningGate } from './gating.ts';
import type { ListenFlags } from './listen-flags.ts';
import { closeRecord, openRecord } from './recording.ts';
import { notice, openReporter } from './reporting.ts';
import { accompany, taskEnvironment } from './running.ts';
import { learnable, type Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** How it is listened. */
export interface Listening {
  readonly flags: ListenFlags & { readonly port: number };
  readonly settings: Settings;
  /** The one whose deliveries these are. */
  readonly provider: Provider | undefined;
  /** Those whose deliveries there can be. */
  readonly among: readonly Provider[];
  readonly secrets: Secrets;
  /** Which deliveries are shown, and asserted. */
  readonly filter: EventFilter | undefined;
  readonly gate: RunningGate | undefined;
  readonly forwarding: Forwarding | undefined;
  readonly context: Context;
}

/** Listens to the end, and tells what came; gives the exit code. */
export async function runListener(listening: Listening): Promise<number> {
  const { flags, filter, gate, context } = listening;
  const reporter = await openReporter(flags, context, listening.settings.providers, flags.output);
  const recording = await openRecord(flags.record, reporter, context);
  const counts = new Counts();
  const tell = (fact: Fact) => {
    // A delivery is recorded before it is answered, and so before it is told.
    if (fact.kind !== 'received') void recording?.append(fact);
    if (!shown(fact, filter)) return;
    counts.add(fact);
    reporter.fact(fact);
    adviseOnce(fact);
    gate?.take(fact);
  };
  const adviseOnce = advice(listening, tell);
  const server = await startListener(optionsOf(listening, recording), tell).catch((error: unknown) => {
    throw portAdvice(error, flags);
  });
  const url = announce(server.port, listening, tell);
  gate?.start();
  const ending = await untilTheEnd(url, listening).finally(() => close(server, listening));
  tell({ kind: 'summary', at: isoTime(context.now()), ...counts.value });
  const faults = faultsOf(ending, gate);
  for (const { code, why } of faults) tell(notice(context, 'error', code, why));
  if (!closeRecord(recording, reporter, context)) return 1;
  if (ending) return codeAfter(context.interrupt, faults.length === 0 ? 0 : 1);
  // With nothing to assert, Ctrl-C is how it is meant to end.
  return context.interrupt.reason === 'SIGINT' && !gate ? 0 : interruptionCode(context.interrupt);
}

function optionsOf(
  { flags, settings, provider, secrets, filter, gate, forwarding, context }: Listening,
  recording: Recording | undefined,
): ListenOptions {
  return {
    providers: settings.providers,
    provider,
    secretsOf: secrets.of,
    strict: flags.strict ?? false,
    learning: { file: flags.record, secretOptions: learnable(flags, settings, secrets, context) },
    port: flags.port,
    host: flags.host,
    limits: { ...defaultLimits, bodyBytes: flags.maxBody ?? defaultLimits.bodyBytes },
    now: context.now,
    answers: { script: flags.respond, headers: flags.respondHeader ?? [], delayMs: flags.delay ?? 0 },
    forwarding,
    async keep(fact) {
      await recording?.append(fact);
      // Who reads slower than senders send slows them down.
      await context.out.drained();
    },
    // Whose it was cannot be told, so where only some are looked at, it is none of them.
    rejected: filter ? undefined : gate?.reject,
  };
}

const shown = (fact: Fact, filter: EventFilter | undefined): boolean =>
  fact.kind !== 'received' || filter === undefined || filter(fact.verdict);

class Counts {
  value = { received: 0, valid: 0, invalid: 0 };

  add(fact: Fact): void {
    if (fact.kind !== 'received') return;
    const { received, valid, invalid } = this.value;
    const good = fact.verdict.valid ? 1 : 0;
    this.value = { received: received + 1, valid: valid + good, invalid: invalid + 1 - good };
  }
}

/** Resolves when the gate, or the command that runs beside, has come to its end; to nothing when interrupted. */
async function untilTheEnd(
  url: string,
  { flags, among, secrets, gate, context }: Listening,
): Promise<Ending | undefined> {
  if (!flags.task || !gate) return Promise.race([interrupted(context), gate?.ended ?? never]);
  const env = taskEnvironment(url, secrets, among.filter(isSigned));
  return accompany(flags.task, env, gate, context, flags.json ?? false);
}

/** When the time is over, an answer that is delayed on purpose is waited for no longer than so, ms. */
const mostLateMs = 15_000;

/** Takes nothing new; whoever sent in time gets the answer that is on its way. */
async function close(server: Bound, { flags, gate, forwarding, context }: Listening): Promise<void> {
  const delay = Math.min(flags.delay ?? 0, gate?.late ? mostLateMs : Number.POSITIVE_INFINITY);
  const onItsWay = delay + (forwarding ? forwardMs : 0);
  await server.close(context.interrupt.aborted ? 0 : onItsWay, context.interrupt);
  gate?.close();
}

/** What was not as it should be; the gate's own end may have come after the one that ended it all, or be the same. */
const faultsOf = (ending: Ending | undefined, gate: RunningGate | undefined) =>
  [...new Set(ending && gate ? [ending, gate.close()] : [])].filter((each) => !each.met);

const never = new Promise<never>(() => {});

function interrupted({ interrupt }: Context): Promise<undefined> {
  if (interrupt.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) =>
    interrupt.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
}
