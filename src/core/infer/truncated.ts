import { createHmac } from 'node:crypto';
import { contentsOf, textsOf } from './contents.ts';
import type { Key } from './keys.ts';
import { placeWords } from './others.ts';
import { partsOfSample } from './parts.ts';
import type { Sample } from './sample.ts';
import { digests } from './shapes.ts';
import type { Token } from './tokens.ts';
import type { InferOptions } from './work.ts';

/** Of a truncated digest this much must be there, bytes. */
export const leastPrefix = 16;

/** A digest of which only the start is there. */
export function truncated(
  sample: Sample,
  tokens: readonly Token[],
  { keys, options }: { readonly keys: readonly Key[]; readonly options: InferOptions },
): string[] {
  const starts = new Map(
    tokens.map((token) => [token.written.bytes.subarray(0, leastPrefix).toString('hex'), token]),
  );
  if (starts.size === 0) return [];
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
        if (!token || !whole.subarray(0, token.written.bytes.length).equals(token.written.bytes)) continue;
        return [
          `${placeWords(token.carrier)} holds the first ${token.written.bytes.length} bytes of an HMAC-${digest.toUpperCase()} with this secret: a truncated digest is refused, for no record can say it, and the shorter it is the likelier is a coincidence`,
        ];
      }
    }
  }
  return [];
}
