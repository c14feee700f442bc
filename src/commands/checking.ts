import { onceThere } from '../actions/check/gauge.ts';
import type { Context } from '../context.ts';
import type { Bench } from '../core/check/kit.ts';
import type { Rule } from '../core/check/rule.ts';
import { selectRules } from '../core/check/rules.ts';
import type { NoticeFact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { findEvents, findProvider, isSigned } from '../core/select.ts';
import { parseStatuses } from '../core/status.ts';
import { guardSecret, type Target } from '../core/target.ts';
import type { Headers } from '../core/types.ts';
import { UsageError } from '../errors.ts';
import type { Probe } from '../io/probe.ts';
import { openFiles, refuseFiles, type WriteFiles } from './check-report.ts';
import { findProbe, type ProbeFlags } from './probing.ts';
import { notice, type ReportFlags } from './reporting.ts';
import { findSecrets, type SecretFlags, schemeNotes, secretAdvice, shownSecretWords } from './secrets.ts';
import { type ConfigFlags, openSettings, type Settings } from './settings.ts';
import { addedHeaders, findTarget, type TargetFlags, targetNotes } from './targeting.ts';

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
  /** How long an answer is waited for, ms. */
  readonly timeoutMs: number;
  readonly strict: boolean;
  /** Credentials are printed as they are. */
  readonly showSecrets: boolean;
  /** The secrets of the provider; the first is used. */
  readonly secrets: readonly string[];
  /** Signed with the public example secret. */
  readonly example: boolean;
  /** Seed and clock were given, so an earlier run may have sent the same ids. */
  readonly repeated: boolean;
  readonly notices: readonly NoticeFact[];
  readonly write: WriteFiles;
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
  const probe = await findProbe(flags, chosen, context, settings);
  const [secret = '', ...more] = secrets.of(provider);
  const notes = [
    ...schemeNotes(provider, []),
    ...secrets.notes,
    // What shows the effects may be https.
    ...targetNotes(flags.effectUrl === undefined ? flags : { ...flags, insecure: false }, target),
    ...(more.length > 0 ? ['a check needs one secret: the first is used'] : []),
  ];
  return {
    target,
    headers: addedHeaders(flags, target),
    rules: chosen,
    bench: {
      ...(await benchOf(provider, secret, target, settings, flags, context)),
      probed: probe !== undefined,
    },
    probe: probe && onceThere(probe, flags.wait ?? 0, context.interrupt),
    timeoutMs: flags.timeout ?? provider.policy.timeoutMs.value,
    strict: flags.strict ?? false,
    showSecrets: flags.showSecrets ?? false,
    secrets: secrets.of(provider),
    example,
    repeated: flags.seed !== undefined && flags.at !== undefined,
    notices: [
      ...notes.map((note) => notice(context, 'info', 'NOTE', note)),
      ...(flags.secret
        ? [notice(context, 'warning', 'SECRET_ON_COMMAND_LINE', shownSecretWords(provider))]
        : []),
    ],
    write: openFiles(flags, context),
  };
}

/** @throws {UsageError} for an option that does nothing here */
function refuseIdle(provider: Provider, flags: CheckFlags): void {
  const { title, scheme } = provider;
  const { scheme: assumed, json, showSecrets } = flags;
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
  if (assumed !== undefined && !isSigned(provider))
    throw new UsageError(
      `nothing is known of how ${title} signs, so --scheme assumed cannot apply`,
      `leave it out; a scheme of your own goes into the configuration, under schemes.${provider.name}`,
    );
  const own = ['content-type', 'content-encoding', 'content-length', 'x-hooks-check', ...namesOf(scheme)];
  const taken = flags.header?.find(([name]) => own.includes(name.toLowerCase()));
  if (taken)
    throw new UsageError(
      `-H ${taken[0]} would undo what the rules send`,
      'leave it out; other headers go with every message',
    );
  refuseFiles(flags);
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
    timeoutMs: provider.policy.timeoutMs.value,
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
