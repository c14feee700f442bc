import { type HmacRecord, keyOf } from '../hmac-record.ts';
import type { GivenSecret } from './sample.ts';

/** A key that a secret can be turned into, and how. */
export interface Key {
  readonly bytes: Buffer;
  readonly key: HmacRecord['key'];
  readonly keyPrefix?: string | undefined;
  /** The white space behind the secret, where it is a part of the key. */
  readonly keySuffix?: string | undefined;
  /** The same of that before it, which no record can say. */
  readonly spaceBefore?: string | undefined;
  /** Which of the given secrets, from 0. */
  readonly secret: number;
}

/** All keys of the secrets, each once, the likely ones first. */
export function keysOf(secrets: readonly GivenSecret[]): Key[] {
  const made = secrets.flatMap((given, secret): Key[] => {
    const { text } = given;
    const { before, behind } = spaceOf(given);
    const spaces = [
      { keySuffix: behind },
      { spaceBefore: before },
      { spaceBefore: before, keySuffix: behind },
    ];
    return [
      ...[undefined, ...prefixesOf(text)].flatMap((keyPrefix) =>
        formsOf(text.slice(keyPrefix?.length ?? 0)).map((key) => {
          const form = { key, keyPrefix };
          return { ...form, secret, bytes: keyOf(form, text) };
        }),
      ),
      ...spaces
        .filter((space) => Object.values(space).every((each) => each !== ''))
        .map((space) => {
          const form = { key: 'utf8', keySuffix: space.keySuffix } as const;
          return { ...form, ...space, secret, bytes: keyOf(form, (space.spaceBefore ?? '') + text) };
        }),
    ];
  });
  const seen = new Set<string>();
  return made.filter(({ bytes }) => {
    const text = bytes.toString('latin1');
    if (text === '' || seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** The white space before and behind a secret as it was given. */
export function spaceOf({ text, spaced = text }: GivenSecret): { before: string; behind: string } {
  const at = Math.max(0, spaced.indexOf(text));
  return { before: spaced.slice(0, at), behind: spaced.slice(at + text.length) };
}

/** `sk_`, `sk_live_` of `sk_live_…`. */
function prefixesOf(text: string): string[] {
  const [words = ''] = /^(?:[A-Za-z][A-Za-z0-9]*_)+/.exec(text) ?? [];
  const ends = [...words.matchAll(/_/g)].map(({ index }) => index + 1);
  return ends.map((end) => words.slice(0, end)).filter((prefix) => prefix.length < text.length);
}

/** The forms in which a text can be read. */
function formsOf(text: string): HmacRecord['key'][] {
  const bare = text.replace(/={1,2}$/, '');
  const isPadded = text.length % 4 === 0;
  const sized = bare.length % 4 !== 1;
  return [
    'utf8',
    ...(sized && isPadded && /^[A-Za-z0-9+/]+$/.test(bare) ? (['base64'] as const) : []),
    ...(sized && /^[A-Za-z0-9_-]+$/.test(bare) ? (['base64url'] as const) : []),
    ...(/^(?:[0-9a-fA-F]{2})+$/.test(text) ? (['hex'] as const) : []),
  ];
}
