import { createHash } from 'node:crypto';
import { encoded } from '../hmac-record.ts';
import { isMasked } from '../mask.ts';
import { asymmetricWords } from './asymmetric-words.ts';
import { captureFaults } from './capture-faults.ts';
import type { Kind } from './finding.ts';
import type { Key } from './keys.ts';
import { nextSteps } from './next-steps.ts';
import { othersIn, placeWords } from './others.ts';
import { isNamedPart } from './parts.ts';
import { type Carrier, carriersOf, nestedTexts, type Sample, samePlace, valuesAt } from './sample.ts';
import { digestOfSize, digests, readValue, type Written } from './shapes.ts';
import { type Token, tokensOf } from './tokens.ts';
import { leastPrefix, twiceWords, unsayable } from './unsayable.ts';
import { spaceWords } from './words.ts';
import type { InferOptions } from './work.ts';

/** Why nothing was found, as far as it can be seen. */
export interface Diagnosis {
  readonly kind: Kind;
  readonly words: readonly string[];
}

interface Given {
  readonly keys: readonly Key[];
  readonly options: InferOptions;
  readonly clock: { readonly over?: string };
  readonly numbers: ReadonlyMap<Sample, number>;
}

const signatureNamed = /sig|hmac|digest|\bmac\b/i;

/** What is said where nothing fits: what was seen, and what to capture next. */
export function diagnose(samples: readonly Sample[], given: Given): Diagnosis {
  const [sample] = samples as [Sample];
  const { keys, options } = given;
  const tokens = tokensOf(sample, options.secrets);
  const asymmetric = asymmetricWords(samples, tokens, options);
  const seen = [
    ...othersIn(sample, options.secrets, keys, options.publicKey).map(({ kind, words }) => ({ kind, words })),
    ...asymmetric,
    ...constantWords(samples, tokens),
  ];
  const unsaid = given.clock.over ? [] : unsayable(sample, tokens, given);
  const short = shortWords(sample, tokens);
  const nested = nestedWords(sample);
  const plain = [
    ...captureFaults(samples, given.numbers),
    ...unkeyed(sample, tokens),
    ...(unsaid.length > 0 ? unsaid : twiceWords(tokens)),
    ...short,
    ...emptyWords(tokens),
    ...nested,
  ];
  const kind = seen[0]?.kind ?? 'none';
  const isNamed = tokens.some(({ carrier }) => signatureNamed.test(carrier.name));
  return {
    kind,
    words: [
      'nothing fits',
      ...seen.map(({ words }) => words),
      ...spaceWords(options.secrets),
      ...plain,
      nextSteps(
        {
          kind,
          asymmetric: asymmetric[0] && (asymmetric.every(({ sure }) => sure) ? 'sure' : 'perhaps'),
          unsaid: unsaid.length > 0 || (!isNamed && kind === 'none' && short.length + nested.length > 0),
          signed: tokens.length > 0,
          headless: samples.every(({ received }) => received.headers.length === 0),
        },
        options,
      ),
    ],
  };
}

/** What stays the same while the body changes is no signature of it. */
function constantWords(
  samples: readonly Sample[],
  tokens: readonly Token[],
): { kind: Kind; words: string }[] {
  const bodies = new Set(samples.map(({ received }) => Buffer.from(received.body).toString('base64')));
  if (
    bodies.size < 2 ||
    tokens.some(({ carrier }) => signatureNamed.test(carrier.name) && !isConstant(carrier, samples))
  )
    return [];
  const [sample] = samples as [Sample];
  return carriersOf(sample)
    .filter((carrier) => /sig|token|secret|key|auth|hmac/i.test(carrier.name) && carrier.in !== 'body')
    .filter(
      (carrier) =>
        !/^Basic |eyJ/i.test(carrier.value) && !isMasked(carrier.value) && isConstant(carrier, samples),
    )
    .map((carrier) => ({
      kind: 'token',
      words: `${placeWords(carrier)} is the same in all captures, whatever the body: a static token, it seems, and not the secret that was given; give it as the secret`,
    }));
}

const isConstant = (carrier: Carrier, samples: readonly Sample[]): boolean =>
  samples.every((sample) => valuesAt(sample, carrier).includes(carrier.value));

/** A hash of the body that needs no secret. */
function unkeyed({ received }: Sample, tokens: readonly Token[]): string[] {
  return digests.flatMap((digest) => {
    const hash = createHash(digest).update(received.body).digest();
    const token = tokens.find(({ written }) => written.bytes.equals(hash));
    return token
      ? [
          `${placeWords(token.carrier)} is the ${digest.toUpperCase()} of the body, made without a secret: it proves nothing of the sender`,
        ]
      : [];
  });
}

/** Whether bytes are written as those of a digest are, by chance: no time, no number, no word. */
function isDigestLike({ bytes, encoding }: Written): boolean {
  const text = encoded(bytes, encoding);
  const kinds = encoding.startsWith('base64') ? [/[A-Z]/, /[a-z]/, /[\d+/=_-]/] : [/[a-f]/i, /\d/];
  return kinds.every((kind) => kind.test(text));
}

/** What is named as a signature and too short to be one. */
function shortWords(sample: Sample, tokens: readonly Token[]): string[] {
  return carriersOf(sample).flatMap((carrier) => {
    if (!signatureNamed.test(carrier.name) || tokens.some((token) => samePlace(token.carrier, carrier)))
      return [];
    const short = readValue(carrier.value, 4).find(isDigestLike);
    if (!short || isNamedPart(carrier.name)) return [];
    return [
      `${placeWords(carrier)} holds ${short.bytes.length} bytes: a digest of less than ${leastPrefix} bytes is refused, for it may fit by coincidence`,
    ];
  });
}

function emptyWords(tokens: readonly Token[]): string[] {
  if (tokens.length === 0)
    return [
      'nothing in the capture could be a signature: no header, parameter of the query or field at the top of the body holds 16 bytes or more in hex or base64',
    ];
  const sized = tokens.filter(({ written }) => digestOfSize[written.bytes.length] !== undefined);
  const named = [...new Set((sized.length > 0 ? sized : tokens).map(({ carrier }) => placeWords(carrier)))];
  return [
    sized.length > 0
      ? `what could be a signature stands in ${listed(named)}`
      : `what stands in ${listed(named)} has the length of no digest`,
  ];
}

/** Names, the first few of them. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more places` : shown;
}

/** A signature inside of the body, where none is looked for. */
function nestedWords(sample: Sample): string[] {
  const found = nestedTexts(sample).filter(
    ([path, value]) =>
      signatureNamed.test(path) &&
      readValue(value).some(({ bytes }) => digestOfSize[bytes.length] !== undefined),
  );
  if (found.length === 0) return [];
  const places = listed(found.map(([path]) => path));
  return [
    `only fields at the top of the body are tried; ${places} ${found.length === 1 ? 'looks like one' : 'look like some'}`,
  ];
}
