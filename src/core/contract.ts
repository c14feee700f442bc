import { draft, seal } from './craft.ts';
import type { ContractFact } from './facts.ts';
import { bodyText, readBody } from './form.ts';
import { header } from './headers.ts';
import { eventOf, headerOf, identityOf } from './identity.ts';
import { jsonText, plainJson } from './json.ts';
import { judge } from './judge.ts';
import { memo } from './memo.ts';
import type { EventType, Provider } from './provider.ts';
import { isSigned } from './select.ts';
import type { Headers, Json, JsonObject, Received } from './types.ts';
import type { Validate } from './validate.ts';

/** What a clause of the contract found. */
export type Finding = Pick<ContractFact, 'event' | 'clause' | 'outcome' | 'passed' | 'reason'>;

/** What the clauses are tried with. */
export interface Trial {
  /** All that a listener here would tell apart. */
  readonly providers: readonly Provider[];
  readonly validate: Validate;
  readonly payload: (event: EventType, origin: { readonly seed: number; readonly at: number }) => JsonObject;
  /** ms since the epoch. */
  readonly now: number;
}

const seeds = Array.from({ length: 25 }, (_, seed) => seed);
const origin = 'http://localhost';

/** The contract that every provider keeps, built in or declared: clause by clause. */
export function* contract(provider: Provider, trial: Trial): Generator<Finding> {
  const { scheme, exampleSecret, events } = provider;
  yield finding('its example secret suits its scheme', () => scheme.secretFault(exampleSecret));
  yield finding('signs like its known answers', () => knownAnswerFault(provider));
  for (const [event, type] of Object.entries(events)) {
    const once = memo((seed: string) => trial.payload(type, { seed: Number(seed), at: trial.now }));
    const of: Case = { ...trial, provider, event, type, drawn: (seed) => once(String(seed)) };
    for (const [clause, fault] of clauses) yield { event, ...finding(clause, () => fault(of)) };
  }
}

/** How many findings a provider's contract has. */
export const clausesOf = ({ events }: Provider): number => 2 + Object.keys(events).length * clauses.length;

/** Thrown by a clause that there is nothing to try with. */
class NotTried extends Error {}

/** What cannot even be tried has failed, unless another clause says why. */
function finding(clause: string, fault: () => string | undefined): Finding {
  try {
    const reason = fault();
    if (reason === undefined) return { clause, outcome: 'passed', passed: true };
    return { clause, outcome: 'failed', passed: false, reason };
  } catch (error) {
    const reason = (error as Error).message;
    if (error instanceof NotTried) return { clause, outcome: 'skipped', reason };
    return { clause, outcome: 'failed', passed: false, reason };
  }
}

interface Case extends Trial {
  readonly provider: Provider;
  readonly event: string;
  readonly type: EventType;
  /** The payload of a seed; all clauses look at the same. */
  readonly drawn: (seed: number) => JsonObject;
}

const clauses: ReadonlyArray<readonly [string, (of: Case) => string | undefined]> = [
  ['makes payloads that fit its schema', (of) => overSeeds((seed) => misfit(of, seed))],
  ['makes the same bytes of the same seed and clock', (of) => overSeeds((seed) => changed(of, seed))],
  ['names itself in what it sends', (of) => nameFault(of.provider, of.event, sealed(of, 1))],
  ['can be known again', (of) => identityFault(of.provider, sealed(of, 1))],
  [
    'signs so that its secret fits and another does not',
    (of) => overSeeds((seed) => signatureFault(of, seed)),
  ],
  ['is judged valid by a listener', (of) => overSeeds((seed) => verdictFault(of, seed))],
];

/** Tries a clause with each seed, up to the first that breaks it. @throws {NotTried} as the clause does */
function overSeeds(fault: (seed: number) => string | undefined): string | undefined {
  for (const seed of seeds) {
    const words = fault(seed);
    if (words !== undefined) return `seed ${seed}: ${words}`;
  }
  return undefined;
}

/** A payload for another clause than the first, which says why there is none. @throws {NotTried} */
function made(of: Case, seed: number): JsonObject {
  try {
    return of.drawn(seed);
  } catch {
    throw new NotTried('there is no payload to try it with');
  }
}

function misfit(of: Case, seed: number): string | undefined {
  try {
    const [first] = of.validate(of.type.schema, plainJson(of.drawn(seed)), 0);
    return first && `${first.path} ${first.fault}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function changed(of: Case, seed: number): string | undefined {
  const [one, other] = [made(of, seed), of.payload(of.type, { seed, at: of.now })].map((value) =>
    jsonText(value),
  );
  return one === other ? undefined : 'the bytes differ from one time to the next';
}

/** A signed delivery, as a receiver sees it. */
function sealed(of: Case, seed: number, secrets = [of.provider.exampleSecret]): Received {
  const { provider, event, now } = of;
  const value = made(of, seed);
  const unsealed = draft(
    provider,
    Buffer.from(bodyText(provider, value)),
    { seed, at: now },
    { value, event },
  );
  const delivery = seal(unsealed, { url: `${origin}/`, at: now, secrets });
  const headers: Headers = [['host', 'localhost'], ...delivery.headers];
  // A signature may stand in the query.
  return { method: 'POST', path: delivery.url.slice(origin.length), headers, body: delivery.body };
}

function bodyValue({ format, contentType }: Provider, { body }: Received): Json | undefined {
  const parsed = readBody(body, contentType.value, format);
  return 'value' in parsed ? parsed.value : undefined;
}

function nameFault(provider: Provider, event: string, received: Received): string | undefined {
  const named = eventOf(provider, received.headers, bodyValue(provider, received));
  if (named === event) return undefined;
  const place = headerOf(provider.eventAt.path) ?? provider.eventAt.path;
  return `${place} holds ${JSON.stringify(named ?? null)}`;
}

function identityFault(provider: Provider, received: Received): string | undefined {
  if (provider.identity.length === 0) return undefined;
  const id = identityOf(provider, received.headers, bodyValue(provider, received));
  return id === undefined ? `a part of ${provider.identity.join(' + ')} is missing` : undefined;
}

function signatureFault(of: Case, seed: number): string | undefined {
  const { provider, now } = of;
  if (!isSigned(provider)) return undefined;
  const { scheme, exampleSecret } = provider;
  const received = sealed(of, seed);
  const [first] = scheme.verify(received, [exampleSecret], now);
  if (first) return `its own secret does not fit: ${first.code}`;
  const other = scheme.verify(
    received,
    [exampleSecret.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'))],
    now,
  );
  if (other.length === 0) return 'another secret fits too';
  const bare = scheme.verify(sealed(of, seed, []), [exampleSecret], now);
  return bare.length > 0 ? undefined : 'what is not signed at all fits too';
}

function verdictFault(of: Case, seed: number): string | undefined {
  const secretsOf = ({ exampleSecret }: Provider) => [exampleSecret];
  // Whose it is, is not asked: what others there are is no fault of this one.
  const [first] = judge(sealed(of, seed), { ...of, secretsOf }).problems;
  return first && `${first.code}: ${first.message}`;
}

function knownAnswerFault(provider: Provider): string | undefined {
  const { name, scheme, knownAnswers = [] } = provider;
  if (!isSigned(provider)) throw new NotTried('it signs nothing');
  if (knownAnswers.length === 0)
    throw new NotTried(
      `there are none; "knownAnswers": [{"secret", "id", "timestamp", "body", "headers"}] takes deliveries that ${name} itself signed`,
    );
  for (const [index, { secret, id, timestamp = 0, body, headers }] of knownAnswers.entries()) {
    const bytes = Buffer.from(body);
    const at = timestamp * 1000;
    const signed = scheme.sign({ id, at, body: bytes, url: `${origin}/` }, [secret]).headers;
    for (const [name, value] of Object.entries(headers)) {
      const own = header(signed, name);
      if (own !== value)
        return `knownAnswers[${index}]: ${name} is ${JSON.stringify(own ?? null)} instead of "${value}"`;
    }
  }
  return undefined;
}
