import { makePatience } from '../actions/patience.ts';
import { politely } from '../actions/polite.ts';
import type { Context } from '../context.ts';
import { judgeAll } from '../core/check/judge.ts';
import type { Bench } from '../core/check/kit.ts';
import type { Judgement, Message, Rule, Tried } from '../core/check/rule.ts';
import { rules, selectRules } from '../core/check/rules.ts';
import type { CheckFact, NoticeFact } from '../core/facts.ts';
import { withHeaders } from '../core/headers.ts';
import { maskCheck, maskUrl, secretPlaces } from '../core/mask.ts';
import type { Provider } from '../core/provider.ts';
import { findEvents, findProvider } from '../core/select.ts';
import { parseStatuses } from '../core/status.ts';
import { guardSecret, type Target } from '../core/target.ts';
import type { Answer, Headers } from '../core/types.ts';
import { answerFact, bodyFact, isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { exchange } from '../io/exchange.ts';
import { type OutputFile, openOutput } from '../io/output.ts';
import type { Probe } from '../io/probe.ts';
import type { CheckResult } from '../report/junit.ts';
import { findProbe, type ProbeFlags } from './probing.ts';
import { notice, type ReportFlags } from './reporting.ts';
import { findSecrets, type SecretFlags, schemeNotes, secretAdvice, shownSecretWords } from './secrets.ts';
import { type ConfigFlags, openSettings, type Settings } from './settings.ts';
import { findTarget, type TargetFlags, targetNotes } from './targeting.ts';

export interface CheckFlags extends ConfigFlags, TargetFlags, SecretFlags, ReportFlags, ProbeFlags {
  readonly event?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly strict?: boolean;
  readonly scheme?: 'assumed';
  readonly seed?: number;
  readonly at?: number;
  readonly list?: boolean;
  readonly explain?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly showSecrets?: boolean;
}

/** What will be done. */
export interface Plan {
  readonly target: Target;
  /** What every message carries: the target's own, and those that the user adds. */
  readonly headers: Headers;
  readonly rules: readonly Rule[];
  readonly bench: Bench;
  readonly probe: Probe | undefined;
  readonly strict: boolean;
  /** Credentials are printed as they are. */
  readonly showSecrets: boolean;
  /** Signed with the public example secret. */
  readonly example: boolean;
  readonly notices: readonly NoticeFact[];
  /** Writes the files that were asked for. */
  readonly write: (result: Result) => Promise<void>;
}

/**
 * What the flags ask for: everything that can be wrong with them is found here, before anything is sent.
 * @throws {UsageError}
 */
export async function planOf(name: string | undefined, flags: CheckFlags, context: Context): Promise<Plan> {
  const settings = await openSettings(flags, context);
  const { providers } = settings;
  if (name === undefined) {
    const names = providers.map((each) => each.name).join(', ');
    throw new UsageError(
      'whose deliveries does the receiver take?',
      `name one of ${names}; \`hooks check --list\` lists the rules`,
    );
  }
  const provider = findProvider(name, providers);
  refuseIdle(provider, flags);
  if (provider.format === 'form')
    throw new UsageError(
      `deliveries of ${provider.title} are forms, and the rules of hooks check send JSON`,
      'try the receiver with `hooks send`: --unsigned, --invalid and --signed-at, with --expect-status 4xx',
    );
  const chosen = selectRules(flags.only, flags.skip);
  const target = findTarget(flags, context, settings);
  const secrets = await findSecrets(flags, context, settings, provider);
  const example = secrets.isExample(provider);
  guardSecret(provider, target, example, secretAdvice(provider));
  const probe = await findProbe(flags, context, settings);
  const [secret = '', ...more] = secrets.of(provider);
  const notes = [
    ...schemeNotes(provider, []),
    ...secrets.notes,
    ...(flags.effectUrl === undefined ? targetNotes(flags, target) : []),
    ...(more.length > 0 ? ['a check needs one secret: the first is used'] : []),
  ];
  return {
    target,
    headers: [...target.headers, ...(flags.header ?? [])],
    rules: chosen,
    bench: await benchOf(provider, secret, target, settings, flags, context),
    probe,
    strict: flags.strict ?? false,
    showSecrets: flags.showSecrets ?? false,
    example,
    notices: [
      ...notes.map((note) => notice(context, 'info', 'NOTE', note)),
      ...(flags.secret
        ? [notice(context, 'warning', 'SECRET_ON_COMMAND_LINE', shownSecretWords(provider))]
        : []),
    ],
    write: openFiles(flags),
  };
}

/** @throws {UsageError} for an option that does nothing here */
function refuseIdle({ title, scheme }: Provider, flags: CheckFlags): void {
  const { scheme: assumed, junit, markdown, json, showSecrets } = flags;
  if (json && showSecrets)
    throw new UsageError(
      'with --json credentials stay masked, so --show-secrets cannot apply',
      'leave one of them out',
    );
  if (assumed !== undefined && scheme.basis !== 'assumed')
    throw new UsageError(
      `the signing scheme of ${title} is ${scheme.basis}, so --scheme assumed cannot apply`,
      'leave it out',
    );
  const own = ['content-type', 'content-encoding', 'content-length', 'x-hooks-check', ...namesOf(scheme)];
  const taken = flags.header?.find(([name]) => own.includes(name.toLowerCase()));
  if (taken)
    throw new UsageError(
      `-H ${taken[0]} would undo what the rules send`,
      'leave it out; other headers go with every message',
    );
  if (junit !== undefined && junit === markdown)
    throw new UsageError(`--junit and --markdown would both write ${junit}`, 'name two files');
}

async function benchOf(
  provider: Provider,
  secret: string,
  target: Target,
  settings: Settings,
  flags: CheckFlags,
  context: Context,
): Promise<Bench> {
  const named = flags.event === undefined ? [] : findEvents(provider, [flags.event]);
  if (named.length > 1)
    throw new UsageError(`--event "${flags.event}" fits ${named.length} events`, `name one: ${named[0]}`);
  // Faker is the heaviest part.
  const { payloadMaker } = await import('../core/fake.ts');
  return {
    provider,
    secret,
    signing: signingOf(provider, settings, flags),
    event: named[0] ?? (Object.keys(provider.events)[0] as string),
    seed: flags.seed ?? context.randomSeed(),
    at: flags.at ?? context.now(),
    accepts: parseStatuses(provider.policy.accepts.value),
    timeoutMs: flags.timeout ?? provider.policy.timeoutMs.value,
    url: target.url.href,
    payload: payloadMaker(),
  };
}

/** The headers by which a scheme signs, in lower case. */
function namesOf({ form, headers }: Provider['scheme']): string[] {
  const families = form ? [form.names, ...(form.twins ?? [])] : [];
  const names = families.flatMap(({ signature, id, timestamp }) => [signature, id, timestamp]);
  return [...headers, ...names.flatMap((name) => name?.toLowerCase() ?? [])];
}

/** Whether a receiver can be expected to check the scheme: not if it is only we who assume it. */
function signingOf(
  { name, title, scheme }: Provider,
  { own, config }: Settings,
  flags: CheckFlags,
): Bench['signing'] {
  const declared = own.includes(name) || config.schemes?.[name] !== undefined;
  if (declared || scheme.basis !== 'assumed' || flags.scheme === 'assumed') return true;
  return {
    not: `the signing scheme of ${title} is ${scheme.basis}; --scheme assumed says that the receiver checks it`,
  };
}

/** Opens the files now: a result that cannot be kept is not worth the work. */
function openFiles({ junit, markdown }: CheckFlags): Plan['write'] {
  const open = (path: string | undefined, option: string): OutputFile | undefined =>
    path === undefined ? undefined : openOutput(path, option);
  const xml = open(junit, '--junit');
  const page = open(markdown, '--markdown');
  return async (result) => {
    if (xml) xml.write((await import('../report/junit.ts')).junit(result.whole));
    if (page) page.write((await import('../report/markdown.ts')).markdown(result.whole));
  };
}

/** Told when we wait for a receiver longer, or less long, than usual, ms. */
export interface Waiting {
  readonly slowed: (ms: number) => void;
  readonly shortened: (ms: number) => void;
}

/** Sends messages of rules to the target. */
export function openSender(
  { target, headers: added, bench }: Plan,
  { insecure = false, wait }: CheckFlags,
  { now, interrupt: signal }: Context,
  { slowed, shortened }: Waiting,
): (message: Message) => Promise<Answer> {
  const patience = makePatience(bench.timeoutMs, shortened);
  const send = async (message: Message) => {
    const { method = 'POST', pace = 'whole', body } = message;
    const headers = withHeaders(message.headers, added);
    const answer = await exchange(
      { host: target.url, method, path: pathOf(target, message), headers, body, pace },
      { timeoutMs: patience.ms(), insecure, signal },
    );
    // The time that a slow body takes is our own.
    if (pace !== 'slow') patience.note(answer);
    return answer;
  };
  return politely(send, { now, signal, slowed, waitMs: wait });
}

/** What is asked for; the host is the target's in any case. */
const pathOf = ({ url }: Target, message: Message): string => {
  const { pathname, search } = message.url === undefined ? url : new URL(message.url);
  const own = pathname + search;
  return message.query === undefined ? own : `${own}${search === '' ? '?' : '&'}${message.query}`;
};

/** What came of the rules so far. */
export class Result {
  readonly facts: CheckFact[] = [];
  #openMust = false;
  readonly #plan: Plan;
  readonly #context: Context;
  readonly #began: number;

  constructor(plan: Plan, context: Context) {
    this.#plan = plan;
    this.#context = context;
    this.#began = context.now();
  }

  /** Adds a judgement, and gives it as a fact. */
  add(rule: Rule, judgement: Judgement): CheckFact {
    const fact = this.#factOf(rule, judgement);
    this.#openMust ||= judgement.open === true && rule.level === 'MUST';
    this.facts.push(fact);
    return fact;
  }

  /** The baseline was refused. */
  refusedBaseline(tried: Tried): CheckFact {
    return this.add(rules[0] as Rule, judgeAll([tried]));
  }

  /** Whether the answer is no: something failed, or could not be told. */
  get fails(): boolean {
    const failed = ({ outcome, level }: CheckFact) =>
      outcome === 'failed' && (this.#plan.strict || level === 'MUST');
    return this.#openMust || this.facts.some(failed);
  }

  /** Everything that a report in another form is made of. */
  get whole(): CheckResult {
    const { bench, target, strict, showSecrets } = this.#plan;
    return {
      provider: bench.provider.name,
      url: showSecrets ? target.url.href : maskUrl(target.url.href),
      seed: bench.seed,
      at: isoTime(this.#began),
      ms: this.#context.now() - this.#began,
      facts: showSecrets
        ? this.facts
        : this.facts.map((fact) => maskCheck(fact, secretPlaces([bench.provider]))),
      strict,
    };
  }

  #factOf(rule: Rule, { outcome, reason, level = rule.level, tried }: Judgement): CheckFact {
    const { id, group, title, expects, why, link, remedy } = rule;
    return {
      kind: 'check',
      at: isoTime(this.#context.now()),
      rule: id,
      group,
      level,
      title,
      outcome,
      ...(outcome === 'passed' || outcome === 'failed' ? { passed: outcome === 'passed' } : {}),
      ...(reason === undefined ? {} : { reason }),
      expected: expects,
      why,
      link,
      remedy,
      ...(tried ? this.#decidedBy(tried) : {}),
    };
  }

  #decidedBy({ trial, message, answer }: Tried): Pick<CheckFact, 'trial' | 'delivery' | 'answer'> {
    const { target, headers: added } = this.#plan;
    const { body, query: _query, url: _url, headers, ...rest } = message;
    const url = target.url.origin + pathOf(target, message);
    return {
      trial: trial.label,
      delivery: { ...rest, url, headers: withHeaders(headers, added), ...bodyFact(body) },
      answer: answerFact(answer),
    };
  }
}
