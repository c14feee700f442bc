import type { KeyObject } from 'node:crypto';
import { variants } from '../reserialise.ts';
import type { SchemeData } from '../scheme-data.ts';
import { searchAsymmetric } from './asymmetric.ts';
import { countOf, type Stage } from './contents.ts';
import { diagnose } from './diagnose.ts';
import {
  asymmetricFinding,
  type Finding,
  hmacFinding,
  type Kind,
  otherFinding,
  otherSecret,
} from './finding.ts';
import { type Key, keysOf } from './keys.ts';
import { othersIn } from './others.ts';
import { mostIds, type Parts, partsOfSample } from './parts.ts';
import { carriersOf, type GivenSecret, type Sample } from './sample.ts';
import { type Hit, search } from './search.ts';
import { isNamed, type Token, tokensOf, wantedOf } from './tokens.ts';
import { deliveries } from './words.ts';

/** What there is to find a scheme with. */
export interface InferOptions {
  readonly secrets: readonly GivenSecret[];
  /** The address as it is registered with the provider. */
  readonly url?: string | undefined;
  readonly publicKey?: KeyObject | undefined;
  /** Goes through the likely schemes only. */
  readonly quick?: boolean;
  /** The clock, ms since the epoch: when deliveries were seen that do not say it. */
  readonly now: number;
}

/** What was tried, in numbers, and in words what was not. */
export interface Tried {
  captures: number;
  secrets: number;
  /** Headers, parameters of the query and fields of the body. */
  carriers: number;
  /** What in them could be a signature. */
  signatures: number;
  digests: number;
  encodings: number;
  keys: number;
  contents: number;
  hashes: number;
  left_out: string[];
}

/** What came of it. */
export interface Inference {
  readonly status: 'confirmed' | 'candidate' | 'disagree' | 'none';
  readonly kind: Kind;
  readonly scheme?: SchemeData;
  /** A sentence each, the result first. */
  readonly words: readonly string[];
  readonly tried: Tried;
}

/** How far a search is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** A search that says how far it is; the answer `true` ends what is not likely, and what is left out is said. */
export type Inferring = Generator<Progress, Inference, boolean | undefined>;

/** So many deliveries are gone through wholly before one fits; and so many by the likely schemes. */
const mostWhole = 2;
const mostLikely = 20;

/** Finds the scheme by which deliveries are signed. */
export function* infer(given: readonly Sample[], options: InferOptions): Inferring {
  const keys = keysOf(options.secrets);
  const tried: Tried = {
    captures: given.length,
    secrets: options.secrets.length,
    carriers: 0,
    signatures: 0,
    digests: 0,
    encodings: 0,
    keys: keys.length,
    contents: 0,
    hashes: 0,
    left_out: [],
  };
  // An empty body stands nowhere and everywhere: what has one says more.
  const samples = [...given].sort(
    (one, other) => Number(other.received.body.length > 0) - Number(one.received.body.length > 0),
  );
  const found = new Map<string, { finding: Finding; samples: Sample[] }>();
  const unexplained: Sample[] = [];
  let wholly = 0;
  for (const sample of samples) {
    const known = [...found.values()].find(({ finding }) => finding.takes(sample) !== undefined);
    const finding =
      known?.finding ??
      [...found.values()].map((each) => otherSecret(each.finding, keys, sample)).find((each) => each) ??
      (unexplained.length < mostLikely
        ? yield* explain(sample, {
            samples,
            keys,
            options,
            tried,
            thorough: !options.quick && found.size === 0 && wholly++ < mostWhole,
          })
        : undefined);
    if (finding === undefined) unexplained.push(sample);
    else {
      const entry = found.get(finding.identity) ?? { finding, samples: [] };
      entry.samples.push(sample);
      found.set(finding.identity, entry);
    }
  }
  if (unexplained.length > 1 && given.length > mostWhole && found.size === 0)
    leaveOut(tried, `the unlikely contents of all captures but the first ${mostWhole}`);
  if (unexplained.length > mostLikely)
    leaveOut(tried, `${unexplained.length - mostLikely} captures that fit nothing that was found before`);
  return conclude([...found.values()], unexplained, { samples, keys, options, tried });
}

const leaveOut = (tried: Tried, words: string): void => {
  if (!tried.left_out.includes(words)) tried.left_out.push(words);
};

/** What the parts of an inference share. */
export interface Work {
  readonly samples: readonly Sample[];
  readonly keys: readonly Key[];
  readonly options: InferOptions;
  readonly tried: Tried;
}

/** Looks for the scheme of one delivery, likely ones first. */
function* explain(
  sample: Sample,
  work: Work & { readonly thorough: boolean },
): Generator<Progress, Finding | undefined, boolean | undefined> {
  const { samples, keys, options, tried } = work;
  const tokens = tokensOf(sample, options.secrets);
  const secrets = options.secrets.map(({ text }) => text);
  const { parts, leftOut } = partsOfSample(sample, { written: tokens, url: options.url, secrets });
  const { body } = sample.received;
  const wanted = wantedOf(tokens);
  count(tried, sample, tokens);
  if (leftOut > 0) leaveOut(tried, `${leftOut} headers as ids: no more than ${mostIds} are taken for one`);
  const likely = yield* hashed('likely', { parts, body, wanted, keys }, tried);
  const own = likely && hmacFinding(likely, sample, samples);
  if (own) return own;
  const other = othersIn(sample, options.secrets, keys, options.publicKey).find((each) => each.fits);
  if (other) return otherFinding(other, options.secrets, keys, options.publicKey);
  const finding =
    (yield* asymmetric(sample, tokens, parts, work)) ?? (yield* rewritten(sample, tokens, work));
  if (finding) return finding;
  if (!work.thorough) {
    leaveOut(tried, 'contents of three and four parts that are not in common use');
    return undefined;
  }
  const named = tokens.filter(({ carrier }) => isNamed(carrier));
  const rest = new Set(
    named.length === 0
      ? []
      : tokens.filter((each) => !named.includes(each)).map(({ carrier }) => carrier.name),
  );
  if (rest.size > 0) leaveOut(tried, `unlikely contents for what stands in ${[...rest].join(', ')}`);
  const hit = yield* hashed(
    'whole',
    { parts, body, wanted: wantedOf(named.length > 0 ? named : tokens), keys },
    tried,
  );
  return hit && hmacFinding(hit, sample, samples);
}

function count(tried: Tried, sample: Sample, tokens: readonly Token[]): void {
  const most = (name: 'carriers' | 'signatures' | 'digests' | 'encodings', value: number) => {
    tried[name] = Math.max(tried[name], value);
  };
  most('carriers', carriersOf(sample).length);
  most('signatures', new Set(tokens.map(({ written }) => written.bytes.toString('hex'))).size);
  most('digests', wantedOf(tokens).size);
  most('encodings', new Set(tokens.map(({ written }) => written.encoding)).size);
}

type SearchInput = Parameters<typeof search>[1];

/** A search that is counted. */
function* hashed(
  stage: Stage,
  input: SearchInput,
  tried: Tried,
): Generator<Progress, Hit | undefined, boolean | undefined> {
  const contents = countOf(input.parts, stage);
  const total = contents * input.wanted.size * input.keys.length;
  const steps = search(stage, input);
  let done = 0;
  let stop: boolean | undefined;
  for (;;) {
    const step = steps.next(stop);
    if (step.done) {
      const perContent = Math.max(1, input.wanted.size * input.keys.length);
      tried.hashes += done;
      tried.contents += Math.ceil(done / perContent);
      return step.value;
    }
    done += step.value;
    // The likely ones are always gone through.
    stop = (yield { done, total }) && stage === 'whole';
    if (stop) leaveOut(tried, `${total - done} of ${total} unlikely digests: the time was over`);
  }
}

function* asymmetric(
  sample: Sample,
  tokens: readonly Token[],
  parts: Parts,
  { options, samples }: Work,
): Generator<Progress, Finding | undefined, boolean | undefined> {
  if (!options.publicKey) return undefined;
  const total = countOf(parts, 'likely');
  const steps = searchAsymmetric(tokens, parts, sample.received.body, options.publicKey);
  for (let done = 0; ; done++) {
    const step = steps.next();
    if (step.done) return step.value && asymmetricFinding(step.value, samples, options.publicKey);
    yield { done, total };
  }
}

/** So many headers are taken for ids and times where the body is taken in many forms. */
const fewNames = 3;

/** Whether a signature fits the body as it may have been before it was written again. */
function* rewritten(
  sample: Sample,
  tokens: readonly Token[],
  { options, samples, keys, tried }: Work,
): Generator<Progress, Finding | undefined, boolean | undefined> {
  const wanted = wantedOf(tokens);
  if (wanted.size === 0) return undefined;
  const secrets = options.secrets.map(({ text }) => text);
  for (const { body } of variants(sample.received.body, false)) {
    const changed = { ...sample, received: { ...sample.received, body } };
    const { parts } = partsOfSample(changed, { written: tokens, url: options.url, secrets });
    const few = {
      ...parts,
      body: parts.body.slice(0, 1),
      id: parts.id.slice(0, fewNames),
      timestamp: parts.timestamp.slice(0, fewNames),
      url: parts.url.slice(0, fewNames),
    };
    const hit = yield* hashed('usual', { parts: few, body, wanted, keys }, tried);
    const finding = hit && hmacFinding(hit, sample, samples, body);
    if (finding) return finding;
  }
  return undefined;
}

type Found = { readonly finding: Finding; readonly samples: readonly Sample[] };

function conclude(found: readonly Found[], unexplained: readonly Sample[], work: Work): Inference {
  const [first] = found;
  if (first === undefined) {
    const { kind, words } = diagnose(work.samples, work);
    return { status: 'none', kind, words, tried: work.tried };
  }
  if (found.length > 1 || unexplained.length > 0) return disagreeing(found, unexplained, work);
  return agreeing(first, work);
}

function agreeing({ finding, samples }: Found, { tried, options }: Work): Inference {
  const different = new Set(samples.map(finding.proof)).size;
  const status = different > 1 ? 'confirmed' : 'candidate';
  const seen =
    samples.length === 1
      ? 'one delivery shows it: capture a second one, of another body and another time, and give both'
      : `${samples.length} captures are one and the same delivery: capture another one, and give both`;
  const kinds = samples.map(finding.takes);
  const rewrites = [...new Set(kinds)].filter((each) => each !== 'as it came');
  const kind =
    finding.kind === 'hmac' || finding.kind === 'reserialised'
      ? kinds.includes('as it came')
        ? 'hmac'
        : 'reserialised'
      : finding.kind;
  return {
    status,
    kind,
    ...(finding.scheme ? { scheme: dated(finding.scheme, samples, options.now) } : {}),
    words: [
      `${status}${status === 'confirmed' ? ` by ${deliveries(different)}` : ''}: ${finding.title}`,
      ...finding.words,
      ...rewrites.map(
        (each) => `it fits the body ${each}: it was rewritten after it was signed; capture the raw bytes`,
      ),
      ...(finding.secret !== undefined && tried.secrets > 1
        ? [`it fits secret ${finding.secret + 1} of ${tried.secrets}`]
        : []),
      ...(status === 'confirmed' ? [] : [seen]),
    ],
    tried,
  };
}

function disagreeing(
  found: readonly Found[],
  unexplained: readonly Sample[],
  { tried, options, samples }: Work,
): Inference {
  const ordered = [...found].sort((one, other) => other.samples.length - one.samples.length);
  const [{ finding }] = ordered as [Found];
  const schemes = new Set(found.map((each) => JSON.stringify(each.finding.scheme)));
  const rotated = schemes.size === 1 && found.length > 1;
  const whose = ({ secret }: Finding) =>
    secret !== undefined && tried.secrets > 1 ? `, with secret ${secret + 1} of ${tried.secrets}` : '';
  return {
    status: 'disagree',
    kind: finding.kind,
    ...(schemes.size === 1 && finding.scheme
      ? { scheme: dated(finding.scheme, ordered[0]?.samples ?? [], options.now) }
      : {}),
    words: [
      `the ${deliveries(samples.length)} disagree`,
      ...ordered.map(
        (each) => `${fitCount(each.samples.length)}: ${each.finding.title}${whose(each.finding)}`,
      ),
      ...(unexplained.length > 0
        ? [
            `${fitCount(unexplained.length, 'nothing')}: another secret (a rotation?), another provider, or a body that is not what was sent`,
          ]
        : []),
      rotated
        ? 'the scheme is one, the secrets are several: a rotation, or several endpoints; give the deliveries of one secret'
        : 'give deliveries of one provider and one endpoint, or all its secrets',
    ],
    tried,
  };
}

const fitCount = (count: number, what = ''): string =>
  `${count} ${count === 1 ? 'fits' : 'fit'}${what === '' ? '' : ` ${what}`}`;

/** A scheme with what it rests on: how many deliveries, and when the last was seen. */
function dated<T extends SchemeData>(scheme: T, samples: readonly Sample[], now: number): T {
  const times = samples.flatMap(({ at }) => at ?? []);
  const last = new Date(times.length > 0 ? Math.max(...times) : now).toISOString().slice(0, 10);
  return { ...scheme, source: `seen in ${deliveries(samples.length)} on ${last}` };
}
