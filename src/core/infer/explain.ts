import { formatSize } from '../quantity.ts';
import { rewritableBytes, variants } from '../reserialise.ts';
import { searchAsymmetric } from './asymmetric.ts';
import { countOf, type Stage } from './contents.ts';
import { asymmetricFinding, type Finding, hmacFinding, otherFinding } from './finding.ts';
import { othersIn } from './others.ts';
import { mostIds, type Parts, partsOfSample } from './parts.ts';
import { carriersOf, type Sample } from './sample.ts';
import { type Hit, search } from './search.ts';
import { digestOfSize } from './shapes.ts';
import { isNamed, mostTokens, type Token, tokensOf, wantedOf } from './tokens.ts';
import { leaveOut, type Searching, type Tried, type Work } from './work.ts';

/**
 * Looks for the scheme of one delivery: the likely HMACs, then what is none, then a body that was rewritten.
 * @param thorough goes through all other HMACs, too
 */
export function* explain(sample: Sample, work: Work, thorough: boolean): Searching<Finding | undefined> {
  const { samples, keys, options, tried } = work;
  const tokens = tokensOf(sample, options.secrets);
  count(tried, sample, tokens);
  const { parts, leftOut } = partsIn(sample, tokens, work);
  if (tokens.length === mostTokens)
    leaveOut(work, `what else could be a signature, behind the first ${mostTokens} readings`);
  if (leftOut > 0) leaveOut(work, `${leftOut} headers as ids: no more than ${mostIds} are taken for one`);
  const likely = yield* searched('likely', sample.received.body, parts, tokens, work);
  const own = likely && hmacFinding(likely, sample, samples);
  if (own) return own;
  const { secrets, publicKey } = options;
  const other = othersIn(sample, secrets, keys, publicKey).find((each) => each.fits);
  if (other) return otherFinding(other, secrets, keys, publicKey);
  const finding = (yield* verified(sample, tokens, parts, work)) ?? (yield* rewritten(sample, tokens, work));
  if (finding) return finding;
  if (thorough) return yield* unlikely(sample, tokens, parts, work);
  leaveOut(work, 'contents of three and four parts that are not in common use, for some captures');
  return undefined;
}

function partsIn(sample: Sample, written: readonly Token[], { options }: Work) {
  return partsOfSample(sample, { written, url: options.url, secrets: options.secrets });
}

/** Goes through the whole product, for what is named as a signature; where nothing is, for everything. */
function* unlikely(
  sample: Sample,
  tokens: readonly Token[],
  parts: Parts,
  work: Work,
): Searching<Finding | undefined> {
  const sized = tokens.filter(({ written }) => digestOfSize[written.bytes.length] !== undefined);
  const named = sized.filter(({ carrier }) => isNamed(carrier));
  const chosen = named.length > 0 ? named : sized;
  const rest = new Set(sized.filter((each) => !chosen.includes(each)).map(({ carrier }) => carrier.name));
  if (rest.size > 0) leaveOut(work, `unlikely contents for what stands in ${[...rest].join(', ')}`);
  const hit = yield* searched('whole', sample.received.body, parts, chosen, work);
  if (!hit) leaveOut(work, notThere);
  return hit && hmacFinding(hit, sample, work.samples);
}

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

/** A search that is counted, and ends when the time is over. */
function* searched(
  stage: Stage,
  body: Uint8Array,
  parts: Parts,
  tokens: readonly Token[],
  work: Work,
): Searching<Hit | undefined> {
  const { keys, tried, clock } = work;
  const wanted = wantedOf(tokens);
  const perContent = wanted.size * keys.length;
  const total = countOf(parts, stage) * perContent;
  const steps = search(stage, { parts, body, wanted, keys });
  let done = 0;
  for (;;) {
    const step = steps.next(clock.over);
    if (step.done) {
      tried.hashes += done;
      tried.contents += Math.ceil(done / Math.max(1, perContent));
      if (clock.over && done < total && !step.value)
        leaveOut(work, `${total - done} of ${total} digests of ${stage} contents: the time was over`);
      return step.value;
    }
    done += step.value;
    clock.over ||= (yield { done, total }) === true;
  }
}

/** Whether the public key verifies a signature. */
function* verified(
  sample: Sample,
  tokens: readonly Token[],
  parts: Parts,
  { options: { publicKey }, samples, clock }: Work,
): Searching<Finding | undefined> {
  if (!publicKey) return undefined;
  const total = countOf(parts, 'likely');
  const steps = searchAsymmetric(tokens, parts, sample.received.body, publicKey);
  for (let done = 0; ; done++) {
    const step = steps.next(clock.over);
    if (step.done) return step.value && asymmetricFinding(step.value, samples, publicKey);
    clock.over ||= (yield { done, total }) === true;
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
    );
    return undefined;
  }
  for (const { body } of variants(sample.received.body, false)) {
    if (work.clock.over) return undefined;
    const { parts } = partsIn({ ...sample, received: { ...sample.received, body } }, tokens, work);
    const few = {
      ...parts,
      body: parts.body.slice(0, 1),
      id: parts.id.slice(0, fewNames),
      timestamp: parts.timestamp.slice(0, fewNames),
      url: parts.url.slice(0, fewNames),
    };
    const hit = yield* searched('usual', body, few, tokens, work);
    const finding = hit && hmacFinding(hit, sample, work.samples, body);
    if (finding) return finding;
  }
  return undefined;
}
