import { politely } from '../actions/polite.ts';
import type { Context } from '../context.ts';
import { judgeAll } from '../core/check/judge.ts';
import type { Bench } from '../core/check/kit.ts';
import type { Judgement, Message, Rule, Tried } from '../core/check/rule.ts';
import { rules, selectRules } from '../core/check/rules.ts';
import type { CheckFact, NoticeFact } from '../core/facts.ts';
import { withHeaders } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import { findEvents, findProvider } from '../core/select.ts';
import { parseStatuses } from '../core/status.ts';
import { guardSecret, type Target } from '../core/target.ts';
import type { Answer } from '../core/types.ts';
import { answerFact, bodyFact, isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { exchange } from '../io/exchange.ts';
import { type OutputFile, openOutput } from '../io/output.ts';
import type { Probe } from '../io/probe.ts';
import type { CheckResult } from '../report/junit.ts';
import { findProbe, type ProbeFlags } from './probing.ts';
import { notice, type ReportFlags } from './reporting.ts';
import { findSecrets, type SecretFlags, schemeNotes, secretAdvice, shownSecretWords } from './secrets.ts';
import { type ConfigFlags, openSettings } from './settings.ts';
import { findTarget, type TargetFlags } from './targeting.ts';

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
  readonly rules: readonly Rule[];
  readonly bench: Bench;
  readonly probe: Probe | undefined;
  readonly strict: boolean;
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
    ...(more.length > 0 ? ['a check needs one secret: the first is used'] : []),
  ];
  return {
    target,
    rules: chosen,
    bench: await benchOf(provider, secret, flags, context),
    probe,
    strict: flags.strict ?? false,
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

async function benchOf(
  provider: Provider,
  secret: string,
  flags: CheckFlags,
  context: Context,
): Promise<Bench> {
  const [event = ''] =
    flags.event === undefined ? Object.keys(provider.events) : findEvents(provider, [flags.event]);
  // Faker is the heaviest part.
  const { payloadMaker } = await import('../core/fake.ts');
  return {
    provider,
    secret,
    signing: signingOf(provider, flags),
    event,
    seed: flags.seed ?? context.randomSeed(),
    at: flags.at ?? context.now(),
    accepts: parseStatuses(provider.policy.accepts.value),
    timeoutMs: flags.timeout ?? provider.policy.timeoutMs.value,
    payload: payloadMaker(),
  };
}

/** Whether a receiver can be expected to check the scheme. */
function signingOf({ title, scheme }: Provider, flags: CheckFlags): Bench['signing'] {
  if (scheme.basis === 'documented' || flags.scheme === 'assumed') return true;
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

/** Sends messages of rules to the target. */
export function openSender(
  { target, bench }: Plan,
  { header: extra = [], insecure = false, wait }: CheckFlags,
  context: Context,
  slowed: (ms: number) => void,
): (message: Message) => Promise<Answer> {
  const options = { timeoutMs: bench.timeoutMs, insecure, signal: context.interrupt };
  const send = (message: Message) => {
    const { method = 'POST', pace = 'whole', body } = message;
    const headers = withHeaders(message.headers, [...target.headers, ...extra]);
    return exchange(
      { host: target.url, method, path: pathOf(target, message), headers, body, pace },
      options,
    );
  };
  return politely(send, { now: context.now, signal: context.interrupt, slowed, waitMs: wait });
}

const pathOf = ({ url }: Target, { query }: Message): string => {
  const own = url.pathname + url.search;
  return query === undefined ? own : `${own}${url.search === '' ? '?' : '&'}${query}`;
};

/** What came of the rules so far. */
export class Result {
  readonly facts: CheckFact[] = [];
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
    this.facts.push(fact);
    return fact;
  }

  /** The baseline was refused. */
  refusedBaseline(tried: Tried): CheckFact {
    return this.add(rules[0] as Rule, judgeAll([tried]));
  }

  /** Whether the answer is no. */
  get fails(): boolean {
    return this.facts.some(
      ({ outcome, level }) => outcome === 'failed' && (this.#plan.strict || level === 'MUST'),
    );
  }

  /** Everything that a report in another form is made of. */
  get whole(): CheckResult {
    const { bench, target, strict } = this.#plan;
    return {
      provider: bench.provider.name,
      url: target.url.href,
      seed: bench.seed,
      at: isoTime(this.#began),
      ms: this.#context.now() - this.#began,
      facts: this.facts,
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
    const { target } = this.#plan;
    const { body, query: _query, headers, ...rest } = message;
    const url = target.url.origin + pathOf(target, message);
    return {
      trial: trial.label,
      delivery: { ...rest, url, headers: withHeaders(headers, target.headers), ...bodyFact(body) },
      answer: answerFact(answer),
    };
  }
}
