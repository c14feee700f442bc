import { deliveries } from '../quantity.ts';
import type { SchemeData } from '../scheme-data.ts';
import { captureFaults, faultsOf } from './capture-faults.ts';
import { diagnose } from './diagnose.ts';
import { type Finding, type Kind, otherSecret } from './finding.ts';
import type { Found } from './findings.ts';
import { readBy } from './fits.ts';
import { withNewId } from './hmac.ts';
import type { Sample } from './sample.ts';
import { seenIn, spaceWords } from './words.ts';
import type { Tried, Work } from './work.ts';

/** What came of it. */
export interface Inference {
  readonly status: 'confirmed' | 'candidate' | 'disagree' | 'none';
  readonly kind: Kind;
  readonly scheme?: SchemeData;
  /** A sentence each, the result first. */
  readonly words: readonly string[];
  readonly tried: Tried;
}

/** What was found and what was not, as a result and its words. */
export function conclude(found: readonly Found[], unexplained: readonly Sample[], work: Work): Inference {
  const [first] = found;
  if (first === undefined) {
    const { kind, words } = diagnose(work.samples, work);
    return { status: 'none', kind, words, tried: work.tried };
  }
  if (found.length > 1 || unexplained.length > 0) return disagreeing(found, unexplained, work);
  return agreeing(first, work);
}

function agreeing(found: Found, work: Work): Inference {
  const { finding, samples } = found;
  const { tried, options } = work;
  const different = new Set(samples.map(finding.proof)).size;
  const status = different > 1 ? 'confirmed' : 'candidate';
  const seen =
    samples.length === 1
      ? 'one delivery shows it: capture a second one, of another body and another time, and give both'
      : `${samples.length} captures are one and the same delivery: capture another one, and give both`;
  const rewrites = [...new Set(samples.map(finding.takes))].filter((each) => each !== 'as it came');
  const { secret } = finding;
  return {
    status,
    kind: kindOf(finding, samples),
    ...(finding.scheme ? { scheme: settled(finding.scheme, samples, different, options.now) } : {}),
    words: [
      `${status}${status === 'confirmed' ? ` by ${deliveries(different)}` : ''}: ${finding.title}`,
      ...finding.words,
      ...severalWords(finding.scheme, samples),
      ...rewrites.map(
        (each) => `it fits the body ${each}: it was rewritten after it was signed; capture the raw bytes`,
      ),
      ...(secret === undefined ? [] : spaceWords(options.secrets, finding.space ?? {})),
      ...(secret !== undefined && tried.secrets > 1 ? [secretWords(fittingSecrets(found, work), tried)] : []),
      ...(status === 'confirmed' ? [] : [seen]),
    ],
    tried,
  };
}

/** The secrets that fit all deliveries, from 0: of a value with several signatures each may have its own. */
function fittingSecrets({ finding, samples }: Found, { keys, tried }: Work): number[] {
  const all = Array.from({ length: tried.secrets }, (_, index) => index);
  return all.filter((secret) => {
    const own = keys.filter((key) => key.secret === secret);
    return (
      secret === finding.secret || samples.every((each) => otherSecret(finding, own, each) !== undefined)
    );
  });
}

const secretWords = (fitting: readonly number[], { secrets }: Tried): string => {
  const numbers = fitting.map((each) => each + 1);
  if (numbers.length === 1) return `it fits secret ${numbers[0]} of ${secrets}`;
  return `secrets ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} of ${secrets} ${numbers.length === 2 ? 'both' : 'all'} fit: each delivery is signed with each of them`;
};

/** An HMAC that fits no body as it came is one of a body that was written again. */
function kindOf({ kind, takes }: Finding, samples: readonly Sample[]): Kind {
  if (kind !== 'hmac' && kind !== 'reserialised') return kind;
  return samples.some((sample) => takes(sample) === 'as it came') ? 'hmac' : 'reserialised';
}

function disagreeing(found: readonly Found[], unexplained: readonly Sample[], work: Work): Inference {
  const { tried, options, samples } = work;
  const ordered = [...found].sort((one, other) => other.samples.length - one.samples.length);
  const [{ finding }] = ordered as [Found];
  const fitting = found.flatMap((each) => each.samples);
  const schemes = new Set(found.map((each) => JSON.stringify(each.finding.scheme)));
  const whose = ({ secret }: Finding) =>
    secret !== undefined && tried.secrets > 1 ? `, with secret ${secret + 1} of ${tried.secrets}` : '';
  return {
    status: 'disagree',
    kind: finding.kind,
    ...(schemes.size === 1 && finding.scheme
      ? { scheme: settled(finding.scheme, fitting, fitting.length, options.now) }
      : {}),
    words: [
      `the ${deliveries(samples.length)} disagree`,
      ...ordered.map(
        (each) => `${fitCount(each.samples.length)}: ${each.finding.title}${whose(each.finding)}`,
      ),
      ...unexplainedWords(unexplained, work),
      disagreementStep(schemes.size === 1 && found.length > 1, found, unexplained),
    ],
    tried,
  };
}

/** What deliveries have that nothing fits, while something fits others: what is wrong with each capture, or what may be. */
function unexplainedWords(unexplained: readonly Sample[], { numbers }: Work): string[] {
  const faulty = unexplained.filter(isFaulty);
  const open = unexplained.length - faulty.length;
  return [
    ...(faulty.length > 0 ? [`${fitCount(faulty.length, 'nothing')} as captured`] : []),
    ...captureFaults(faulty, numbers),
    ...(open > 0
      ? [
          `${fitCount(open, 'nothing')}: another secret (a rotation?), another provider, or a body that is not what was sent`,
        ]
      : []),
  ];
}

const isFaulty = (sample: Sample): boolean => faultsOf(sample).length > 0;

function disagreementStep(
  isRotated: boolean,
  found: readonly Found[],
  unexplained: readonly Sample[],
): string {
  if (isRotated)
    return 'the scheme is one, the secrets are several: a rotation, or several endpoints; give the deliveries of one secret';
  if (found.length === 1 && unexplained.every(isFaulty))
    return 'leave out what was not captured whole, or capture it again';
  return 'give deliveries of one provider and one endpoint, or all its secrets';
}

const fitCount = (count: number, what = ''): string =>
  `${count} ${count === 1 ? 'fits' : 'fit'}${what === '' ? '' : ` ${what}`}`;

/** A scheme with what it rests on: how many deliveries, and when the last was seen. */
function settled(scheme: SchemeData, samples: readonly Sample[], count: number, now: number): SchemeData {
  const times = samples.flatMap(({ at }) => at ?? []);
  const last = new Date(times.length > 0 ? Math.max(...times) : now).toISOString().slice(0, 10);
  const seen = { ...scheme, source: seenIn(count, last) };
  const told = hasSeveral(scheme, samples) ? { ...seen, several: true } : seen;
  return 'kind' in told && told.kind === 'hmac' ? withNewId(told, samples) : told;
}

/** Whether a delivery was seen whose value holds several signatures. */
const hasSeveral = (scheme: SchemeData, samples: readonly Sample[]): boolean =>
  'over' in scheme && samples.some((sample) => (readBy(scheme, sample)?.signatures.length ?? 0) > 1);

/** Says of a value that is parted into items whether several of them were signatures. */
function severalWords(scheme: SchemeData | undefined, samples: readonly Sample[]): string[] {
  if (scheme === undefined || !('over' in scheme) || scheme.separator === undefined) return [];
  return hasSeveral(scheme, samples)
    ? ['several signatures were seen in one value']
    : [
        'one signature was seen in each value; whether several come, as while a secret is changed, is not known',
      ];
}
