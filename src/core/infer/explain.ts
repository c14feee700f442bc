import { formatSize } from '../quantity.ts';
import { rewritableBytes, variants } from '../reserialise.ts';
import { searchAsymmetric } from './asymmetric.ts';
import { countOf, type Stage, type Turn } from './contents.ts';
import { asymmetricFinding, type Finding, hmacFinding, otherFinding } from './finding.ts';
import { othersIn } from './others.ts';
import { mostIds, type Parts, partsOfSample } from './parts.ts';
import { carriersOf, type Sample } from './sample.ts';
import { type Hit, search } from './search.ts';
import { digestOfSize } from './shapes.ts';
import { isNamed, mostTokens, type Token, tokensOf, wantedOf } from './tokens.ts';
import { leaveOut, type Searching, type Tried, takeTime, type Work } from './work.ts';

/** A search for the scheme of one delivery, which may be one of several that go on side by side. */
export type Explain = (sample: Sample, work: Work, turn: Turn) => Searching<Finding | undefined>;

/** Looks for the scheme of one delivery: the likely HMACs, then what is none, then a body that was rewritten. */
export const likely: Explain = function* (sample, work, turn) {
  const { samples, keys, options, tried } = work;
  const tokens = tokensOf(sample, options.secrets);
  count(tried, sample, tokens);
  const { parts, leftOut } = partsIn(sample, tokens, work);
  if (tokens.length === mostTokens)
    leaveOut(work, `what else could be a signature, behind the first ${mostTokens} readings`, sample);
  if (leftOut > 0)
    leaveOut(work, `${leftOut} headers as ids: no more than ${mostIds} are taken for one`, sample);
  const hit = yield* searched('likely', { sample, parts, tokens, turn }, work);
  const own = hit && hmacFinding(hit, sample, samples);
  if (own) return own;
  const { secrets, publicKey } = options;
  const other = othersIn(sample, secrets, keys, publicKey).find((each) => each.fits);
  if (other) return otherFinding(other, secrets, keys, publicKey);
  return (yield* verified(sample, tokens, parts, work)) ?? (yield* rewritten(sample, tokens, work));
};

function partsIn(sample: Sample, written: readonly Token[], { options }: Work) {
  return partsOfSample(sample, { written, url: options.url, secrets: options.secrets });
}

/** Goes through the whole product, for what is named as a signature; where nothing is, for everything. */
export const unlikely: Explain = function* (sample, work, turn) {
  const tokens = tokensOf(sample, work.options.secrets);
  const { parts } = partsIn(sample, tokens, work);
  const sized = tokens.filter(({ written }) => digestOfSize[written.bytes.length] !== undefined);
  const named = sized.filter(({ carrier }) => isNamed(carrier));
  const chosen = named.length > 0 ? named : sized;
  const rest = new Set(sized.filter((each) => !chosen.includes(each)).map(({ carrier }) => carrier.name));
  if (rest.size > 0) leaveOut(work, `unlikely contents for what stands in ${[...rest].join(', ')}`, sample);
  const hit = yield* searched('whole', { sample, parts, tokens: chosen, turn }, work);
  if (!hit) leaveOut(work, notThere);
  return hit && hmacFinding(hit, sample, work.samples);
};

const notThere =
  'five parts and more, several separators in one content, fixed words other than a version, a body without one of its fields';

function count(tried: Tried, sample: Sample, tokens: readonly Token[]): void {
  const most = (name: 'carriers' | 'signatures' | 'digests' | 'encodings', value: number) => {
    tried[name] = Math.max(tried[name], value);
  };
  most('carriers', carriersOf(sample).length);
  most('signatures', new Set(tokens.map(({ written }) => written.bytes.toString('hex'))).size);
  most('digests', wantedOf(tokens).size);
  most('encodings', new Set(tokens.map(({ written }) => written.encoding)).size);
}

/** What is searched of a delivery. */
interface Searched {
  readonly sample: Sample;
  /** Its body as it may have been; its own by default. */
  readonly body?: Uint8Array;
  readonly parts: Parts;
  readonly tokens: readonly Token[];
  readonly turn?: Turn;
}

/** In whole percents, for captures of which as much is left are told together. */
const shareOf = (left: number, total: number): string =>
  left === total ? `all ${total}` : `${Math.max(1, Math.round((left / total) * 100))} % of ${total}`;

/** A search that is counted, be it given up or not, and ends when the time is over. */
function* searched(
  stage: Stage,
  { sample, body = sample.received.body, parts, tokens, turn }: Searched,
  work: Work,
): Searching<Hit | undefined> {
  const { keys, tried, clock } = work;
  const wanted = wantedOf(tokens);
  const perContent = wanted.size * keys.length;
  const total = countOf(parts, stage) * perContent;
  const steps = search(stage, { parts, body, wanted, keys, turn });
  let done = 0;
  try {
    for (;;) {
      const step = steps.next(clock.over !== undefined);
      if (step.done) {
        if (clock.over && done < total && !step.value)
          leaveOut(
            work,
            `${shareOf(total - done, total)} digests of ${stage} contents: ${clock.over}`,
            sample,
          );
        return step.value;
      }
      done += step.value;
      takeTime(work, yield { done, total });
    }
  } finally {
    tried.hashes += done;
    tried.contents += Math.ceil(done / Math.max(1, perContent));
  }
}

/** Whether the public key verifies a signature. */
function* verified(
  sample: Sample,
  tokens: readonly Token[],
  parts: Parts,
  work: Work,
): Searching<Finding | undefined> {
  const { options, samples, clock } = work;
  const { publicKey } = options;
  if (!publicKey) return undefined;
  const total = countOf(parts, 'likely');
  const steps = searchAsymmetric(tokens, parts, sample.received.body, publicKey);
  for (let done = 0; ; done++) {
    const step = steps.next(clock.over !== undefined);
    if (step.done) {
      if (clock.over && done < total && !step.value)
        leaveOut(work, `the public key over ${shareOf(total - done, total)} contents: ${clock.over}`, sample);
      return step.value && asymmetricFinding(step.value, samples, publicKey);
    }
    takeTime(work, yield { done, total });
  }
}

/** So many headers are taken for ids and times where the body is taken in many forms. */
const fewNames = 3;

/** Whether a signature fits the body as it may have been before it was written again. */
function* rewritten(sample: Sample, tokens: readonly Token[], work: Work): Searching<Finding | undefined> {
  if (wantedOf(tokens).size === 0) return undefined;
  if (sample.received.body.length > rewritableBytes) {
    leaveOut(
      work,
      `a body that was rewritten on its way, where it is larger than ${formatSize(rewritableBytes)}`,
      sample,
    );
    return undefined;
  }
  for (const { body } of variants(sample.received.body, false)) {
    if (work.clock.over) {
      leaveOut(work, `a body that was rewritten on its way: ${work.clock.over}`, sample);
      return undefined;
    }
    const { parts } = partsIn({ ...sample, received: { ...sample.received, body } }, tokens, work);
    const few = {
      ...parts,
      body: parts.body.slice(0, 1),
      id: parts.id.slice(0, fewNames),
      timestamp: parts.timestamp.slice(0, fewNames),
      url: parts.url.slice(0, fewNames),
    };
    const hit = yield* searched('usual', { sample, body, parts: few, tokens }, work);
    const finding = hit && hmacFinding(hit, sample, work.samples, body);
    if (finding) return finding;
  }
  return undefined;
}
