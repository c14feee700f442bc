import type { Fact } from '../core/facts.ts';
import { isSigned } from '../core/select.ts';
import { defaultPort, isLoopback } from '../core/target.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import type { ListenFlags } from './listen-flags.ts';
import type { Listening } from './listening.ts';
import { notice } from './reporting.ts';
import { exampleAdvice } from './secrets.ts';
import { adviceOn } from './targeting.ts';

/** Tells that a listener is ready, where, by which secrets, and who else can reach it; gives its address. */
export function announce(
  port: number,
  { flags, among, secrets, context }: Pick<Listening, 'flags' | 'among' | 'secrets' | 'context'>,
  tell: (fact: Fact) => void,
): string {
  const name = flags.host?.includes(':') ? `[${flags.host}]` : flags.host;
  const url = `http://${name ?? 'localhost'}:${port}/`;
  tell({ kind: 'ready', at: isoTime(context.now()), url, pid: context.pid });
  const say = (level: 'info' | 'warning', code: string, message: string) =>
    tell(notice(context, level, code, message));
  if (!flags.json) say('info', 'READY', `listening on ${url} (Ctrl-C ends it)`);
  for (const each of among) {
    const basis = each.scheme.basis === 'documented' ? '' : `, ${each.scheme.basis}`;
    const secret = secrets.isExample(each) ? ', the public example secret' : ', your secret';
    const words = `${each.name}: ${each.scheme.label}${basis}${isSigned(each) ? secret : ''}`;
    if (!flags.json) say('info', 'SIGNING', words);
  }
  if (flags.host !== undefined && !isLoopback(name ?? '')) {
    say('warning', 'NOT_LOOPBACK', `--host ${flags.host} lets other machines send here`);
  }
  for (const note of secrets.notes) say('warning', 'SECRET_EMPTY', note);
  if (flags.secret)
    say('warning', 'SECRET_ON_COMMAND_LINE', '--secret shows in the process list; --secret-file does not');
  return url;
}

/** Says, once each, what would most likely help: where a signature was held against the public example secret only, and
 *  where no receiver answers. */
export function advice(
  {
    secrets,
    settings: { providers },
    forwarding,
    context,
  }: Pick<Listening, 'secrets' | 'settings' | 'forwarding' | 'context'>,
  tell: (fact: Fact) => void,
): (fact: Fact) => void {
  const given = new Set<string>();
  const once = (words: string | undefined) => {
    if (words === undefined || given.has(words)) return;
    given.add(words);
    tell(notice(context, 'info', 'HINT', words));
  };
  return (fact) => {
    if (fact.kind !== 'received') return;
    const { provider: name, problems } = fact.verdict;
    const provider = providers.find((each) => each.name === name);
    const puzzling = problems.some(({ code, likely }) => code === 'SIGNATURE_MISMATCH' && !likely);
    if (provider && puzzling && secrets.isExample(provider)) once(exampleAdvice(provider));
    const target = fact.forwarded && forwarding?.targetOf(fact.verdict);
    if (fact.forwarded && target) once(adviceOn(fact.forwarded.answer, target, false));
  };
}

/** An error of a port that is taken, with the likely reason where it is the default one. */
export function portAdvice(error: unknown, { port }: ListenFlags): unknown {
  if (!(error instanceof UsageError) || port !== defaultPort || !error.message.includes('is taken'))
    return error;
  return new UsageError(
    `port ${port}, the default of hooks listen, is taken; is another one running?`,
    error.hint,
  );
}
