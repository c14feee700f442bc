import { type Carrier, placeWords } from './carrier.ts';
import type { ProblemCode } from './codes.ts';
import { formatDuration } from './quantity.ts';
import type { Finding, Problem, Severity } from './types.ts';

/** What is said of a code: how bad it is, and its words. */
interface Wording {
  /** How bad it is where the broken rule is documented, or rests on nothing but HTTP and JSON. */
  readonly severity: Severity;
  /** A rule that is only observed or assumed makes it a warning. */
  readonly softens?: true;
  readonly words: (problem: Problem) => string;
}

const error = (words: Wording['words']): Wording => ({ severity: 'error', words });
const softer = (words: Wording['words']): Wording => ({ severity: 'error', softens: true, words });

const time = (seconds: unknown): string => formatDuration(Math.abs(Number(seconds)) * 1000);

/** Where the signature stands, or should. */
const place = ({ header, in: kind }: Problem): string =>
  placeWords(kind as Carrier['in'] | undefined, header);

/** Where a signature seems to stand that no scheme here reads, if there is one. */
const strangerWords = ({ carrier }: Problem, before: string, after: string): string =>
  carrier ? `${before}the ${placeWords(carrier.in, carrier.name)} looks like a signature${after}` : '';

const wordings: Readonly<Record<ProblemCode, Wording>> = {
  SIGNATURE_MISSING: softer(
    (problem) => `there is no ${place(problem)}${strangerWords(problem, '; ', ' of another scheme')}`,
  ),
  SIGNATURE_MALFORMED: error((problem) => `the ${place(problem)} cannot be read: ${problem.fault}`),
  SIGNATURE_MISMATCH: error(
    (problem) => `the ${place(problem)} does not fit ${problem.bare ? 'the secret' : 'this body and secret'}`,
  ),
  SIGNATURE_UNKNOWN: softer((problem) =>
    strangerWords(problem, '', ', and no scheme is declared that reads it'),
  ),
  ID_MISSING: error(({ header }) => `there is no ${header} header, which the signature covers`),
  TIMESTAMP_MISSING: error(({ header }) => `there is no time in the ${header} header`),
  TIMESTAMP_MALFORMED: error(
    ({ header, value, form }) => `the time in ${header} is not in ${form}: "${value}"`,
  ),
  TIMESTAMP_STALE: error(
    ({ age, tolerance }) => `it was signed ${time(age)} ago; ${time(tolerance)} are allowed`,
  ),
  TIMESTAMP_FUTURE: error(
    ({ age, tolerance }) => `it was signed ${time(age)} ahead; ${time(tolerance)} are allowed`,
  ),
  PROVIDER_UNKNOWN: error(
    (problem) =>
      `whose delivery this is cannot be told: ${problem.fault}${strangerWords(problem, '; ', ' of a scheme that is not known here')}`,
  ),
  EVENT_MISSING: softer(({ path }) => `the body has no event name at "${path}"`),
  EVENT_UNKNOWN: {
    severity: 'warning',
    words: ({ event }) => `"${event}" is not in the provider's catalogue`,
  },
  BODY_EMPTY: error(() => 'the body is empty'),
  BODY_NOT_JSON: error(({ fault }) => `the body is not JSON: ${fault}`),
  SCHEMA: softer(({ path, fault }) => `${path === '' ? 'the body' : path} ${fault}`),
  DUPLICATE: { severity: 'note', words: ({ id }) => `this delivery came before: ${id}` },
  METHOD: error(({ method }) => `the method is ${method}; a webhook is a POST`),
  CONTENT_TYPE: softer(({ value, expected }) => `the content-type is ${value ?? 'absent'}, not ${expected}`),
};

function severityOf(wording: Wording, problem: Problem, strict: boolean): Severity {
  const soft = wording.softens === true && problem.basis !== undefined && problem.basis !== 'documented';
  const severity = soft ? 'warning' : wording.severity;
  return strict && severity === 'warning' ? 'error' : severity;
}

/**
 * A problem in words, with its severity.
 * @param strict turns warnings into errors
 */
export function describe(problem: Problem, strict = false): Finding {
  const wording = wordings[problem.code];
  return {
    code: problem.code,
    severity: severityOf(wording, problem, strict),
    message: wording.words(problem),
    ...(typeof problem.path === 'string' ? { path: problem.path } : {}),
    ...(problem.basis ? { basis: problem.basis } : {}),
    ...(problem.likely ? { likely: problem.likely } : {}),
    ...(problem.unsearched ? { unsearched: problem.unsearched } : {}),
    ...(problem.carrier ? { carrier: problem.carrier } : {}),
    ...(problem.remedy ? { remedy: problem.remedy } : {}),
  };
}
