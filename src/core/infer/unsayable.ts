import { createHmac } from 'node:crypto';
import type { Digest } from '../hmac-record.ts';
import { type Content, contentsOf, textsOf } from './contents.ts';
import type { Key } from './keys.ts';
import { placeWords } from './others.ts';
import { partsOfSample } from './parts.ts';
import type { Sample } from './sample.ts';
import { digestOfSize, digests, isHexText } from './shapes.ts';
import type { Token } from './tokens.ts';
import type { InferOptions } from './work.ts';

/** Of a truncated digest this much must be there, bytes. */
export const leastPrefix = 16;

interface Given {
  readonly keys: readonly Key[];
  readonly options: InferOptions;
}

/** A digest over a usual content that no record can say: only its start is there, or it is written twice. */
export function unsayable(sample: Sample, tokens: readonly Token[], given: Given): string[] {
  const twice = tokens.flatMap(withinHex);
  const hit = hitOf(sample, [...tokens, ...twice], given);
  if (hit === undefined) return [];
  const { token, digest, content } = hit;
  const place = placeWords(token.carrier);
  const name = `HMAC-${digest.toUpperCase()}`;
  const over = content.parts.map(({ meanings }) => meanings[0]?.over).join(content.separator);
  return [
    twice.includes(token)
      ? `${place} holds the ${name} of "${over.replaceAll('\n', '\\n')}" with this secret, in hex, and that text in base64: no record can say it`
      : `${place} holds the first ${token.written.bytes.length} bytes of an ${name} with this secret: a truncated digest is refused, for no record can say it, and the shorter it is the likelier is a coincidence`,
  ];
}

/** What stands twice written, and fits nothing that is usual. */
export function twiceWords(tokens: readonly Token[]): string[] {
  const words = tokens.flatMap(withinHex).map(({ carrier, written: { bytes } }) => {
    const digest = digestOfSize[bytes.length]?.toUpperCase();
    return `${placeWords(carrier)} holds base64 of a hex text, of ${bytes.length} bytes as a ${digest} has: nothing usual fits it, and no record can say it`;
  });
  return [...new Set(words)];
}

/** The digest within bytes that are its hex text. */
function withinHex({ carrier, written }: Token): Token[] {
  const bytes = isHexText(written.bytes) ? Buffer.from(written.bytes.toString('latin1'), 'hex') : undefined;
  return bytes && digestOfSize[bytes.length] ? [{ carrier, written: { ...written, bytes } }] : [];
}

/** The first that is, or begins, a digest over a usual content. */
function hitOf(
  sample: Sample,
  tokens: readonly Token[],
  { keys, options }: Given,
): { token: Token; digest: Digest; content: Content } | undefined {
  const starts = new Map(
    tokens.map((token) => [token.written.bytes.subarray(0, leastPrefix).toString('hex'), token]),
  );
  if (starts.size === 0) return undefined;
  const { parts } = partsOfSample(sample, { written: tokens, url: options.url, secrets: options.secrets });
  const few = {
    ...parts,
    body: parts.body.slice(0, 1),
    id: parts.id.slice(0, 2),
    url: parts.url.slice(0, 2),
  };
  for (const content of contentsOf(few, 'usual')) {
    const { before, after } = textsOf(content);
    for (const key of keys) {
      for (const digest of digests) {
        const whole = createHmac(digest, key.bytes)
          .update(before)
          .update(sample.received.body)
          .update(after)
          .digest();
        const token = starts.get(whole.subarray(0, leastPrefix).toString('hex'));
        if (token && whole.subarray(0, token.written.bytes.length).equals(token.written.bytes))
          return { token, digest, content };
      }
    }
  }
  return undefined;
}
