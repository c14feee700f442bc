import { type Explanation, explain, type Witness } from './explain.ts';
import { isFormType, readBody } from './form.ts';
import { header } from './headers.ts';
import { eventOf, identityOf, recognise } from './identity.ts';
import type { Parsed } from './json.ts';
import { describe } from './problems.ts';
import type { Provider } from './provider.ts';
import { signs } from './signs.ts';
import { type Learning, strangerIn } from './stranger.ts';
import type { Json, Problem, Received, Verdict } from './types.ts';
import type { Validate } from './validate.ts';

/** What a judgement needs to know beside the delivery. */
export interface Bench {
  readonly providers: readonly Provider[];
  /** Fixes whose delivery it is; else it is recognised. */
  readonly provider?: Provider | undefined;
  readonly secretsOf: (provider: Provider) => readonly string[];
  /** ms since the epoch. */
  readonly now: number;
  readonly strict?: boolean;
  readonly validate: Validate;
  /** Whether a delivery of this identity came before. */
  readonly known?: ((provider: Provider, id: string) => boolean) | undefined;
  /** Other deliveries, among which a signature may belong. */
  readonly witnesses?: readonly Witness[];
  /** Tries pairs of mistakes too, and bodies of any size: for one delivery that somebody waits for. */
  readonly thorough?: boolean;
  /** What an unknown signature could be learnt from. */
  readonly learning?: Learning | undefined;
}

/** Judges a received delivery. Pure: the same bench gives the same verdict. */
export function judge(received: Received, bench: Bench): Verdict {
  const { parsed, value, provider } = opened(received, bench);
  const general = [...methodProblems(received), ...bodyProblems(parsed)];
  if ('fault' in provider)
    return verdictOf([...general, unknownProvider(received, value, provider.fault, bench)], bench, {
      signed: false,
    });
  const event = eventOf(provider, received.headers, value);
  const id = identityOf(provider, received.headers, value);
  const signature = signatureProblems(received, value, provider, bench);
  const problems = [
    ...general,
    ...signature,
    ...contentTypeProblems(received, provider),
    ...(value === undefined
      ? []
      : eventProblems(provider, event, value, received.body.length, bench.validate)),
    ...(id !== undefined && bench.known?.(provider, id) ? [{ code: 'DUPLICATE', id } as const] : []),
  ];
  const { label, basis } = provider.scheme;
  // A stale delivery is signed all the same.
  const signed = signs(provider.scheme) && !signature.some(({ code }) => unsigning.includes(code));
  return verdictOf(problems, bench, { provider: provider.name, event, id, scheme: { label, basis }, signed });
}

/** A delivery's body, and whose it is; a form is read as one where its provider sends forms. */
function opened({ headers, body }: Received, bench: Bench) {
  const type = () => header(headers, 'content-type');
  const read = (format: Provider['format']) => {
    const parsed = body.length > 0 ? readBody(body, format && type(), format) : undefined;
    return { parsed, value: parsed && 'value' in parsed ? parsed.value : undefined };
  };
  const { provider: fixed, providers } = bench;
  if (fixed) return { ...read(fixed.format), provider: fixed };
  const isForm = providers.some(({ format }) => format === 'form') && isFormType(type());
  const first = isForm ? 'form' : undefined;
  const seen = read(first);
  const provider = recognise(headers, seen.value, providers);
  const own = 'fault' in provider ? undefined : provider.format;
  // What is no form is the same read in both ways.
  return { ...(isForm && own !== first ? read(own) : seen), provider };
}

function verdictOf(problems: Problem[], bench: Bench, rest: Omit<Verdict, 'valid' | 'problems'>): Verdict {
  const findings = problems.map((problem) => describe(problem, bench.strict));
  return { valid: findings.every(({ severity }) => severity !== 'error'), ...rest, problems: findings };
}

const methodProblems = ({ method }: Received): Problem[] =>
  method === 'POST' ? [] : [{ code: 'METHOD', method }];

function bodyProblems(parsed: Parsed | undefined): Problem[] {
  if (parsed === undefined) return [{ code: 'BODY_EMPTY' }];
  return 'fault' in parsed ? [{ code: 'BODY_NOT_JSON', fault: parsed.fault }] : [];
}

/** Nobody's delivery; a signature on it that no provider here has is named. */
function unknownProvider(
  received: Received,
  value: Json | undefined,
  fault: string,
  { providers, learning = {} }: Bench,
): Problem {
  const known = providers.flatMap(({ scheme }) => scheme.headers);
  return { code: 'PROVIDER_UNKNOWN', fault, ...strangerIn(received, value, undefined, learning, { known }) };
}

function signatureProblems(
  received: Received,
  value: Json | undefined,
  provider: Provider,
  bench: Bench,
): Problem[] {
  const { scheme } = provider;
  const stranger = (least?: number) => strangerIn(received, value, provider, bench.learning ?? {}, { least });
  if (!signs(scheme)) {
    // That nothing is signed is but a guess, and here is what speaks against it.
    const found = scheme.basis === 'documented' ? undefined : stranger(2);
    return found ? [{ code: 'SIGNATURE_UNKNOWN', basis: scheme.basis, ...found }] : [];
  }
  const secrets = bench.secretsOf(provider);
  const problems = scheme.verify(received, secrets, bench.now);
  if (problems[0]?.code === 'SIGNATURE_MISSING') problems[0] = { ...problems[0], ...stranger() };
  const puzzle = problems.find(({ code }) => explained.includes(code));
  const explanation = puzzle && explanationOf(received, provider, secrets, bench);
  return problems.map((problem) => (problem === puzzle ? { ...problem, ...explanation } : problem));
}

/** What leaves a delivery without a signature that fits. */
const unsigning: readonly Problem['code'][] = [
  'SIGNATURE_MISSING',
  'SIGNATURE_MALFORMED',
  'SIGNATURE_MISMATCH',
  'ID_MISSING',
];

/** What a known mistake can explain. One mistake may show as two of them; it is told with the first. */
const explained: readonly Problem['code'][] = [
  'SIGNATURE_MISMATCH',
  'SIGNATURE_MALFORMED',
  'TIMESTAMP_FUTURE',
];

function explanationOf(
  received: Received,
  provider: Provider,
  secrets: readonly string[],
  bench: Bench,
): Explanation {
  const others = bench.providers.filter((other) => other !== provider);
  return explain(received, provider.scheme, {
    secrets,
    foreign: others.flatMap((other) =>
      bench
        .secretsOf(other)
        .filter((secret) => !secrets.includes(secret))
        .map((secret) => ({ secret, provider: other.name })),
    ),
    witnesses: bench.witnesses ?? [],
    thorough: bench.thorough ?? false,
  });
}

function contentTypeProblems({ headers }: Received, { contentType }: Provider): Problem[] {
  const value = header(headers, 'content-type');
  const type = value?.split(';')[0]?.trim().toLowerCase();
  if (type === contentType.value) return [];
  return [
    {
      code: 'CONTENT_TYPE',
      basis: contentType.basis,
      expected: contentType.value,
      ...(value ? { value } : {}),
    },
  ];
}

function eventProblems(
  { eventAt, events }: Provider,
  event: string | undefined,
  value: Json,
  size: number,
  validate: Validate,
): Problem[] {
  if (event === undefined) return [{ code: 'EVENT_MISSING', basis: eventAt.basis, path: eventAt.path }];
  if (!Object.hasOwn(events, event)) return [{ code: 'EVENT_UNKNOWN', event }];
  return validate((events[event] as Provider['events'][string]).schema, value, size);
}
