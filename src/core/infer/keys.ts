import { type HmacRecord, keyOf } from '../hmac-record.ts';
import type { GivenSecret } from './sample.ts';

/** A key that a secret can be turned into, and how. */
export interface Key {
  readonly bytes: Buffer;
  readonly key: HmacRecord['key'];
  readonly keyPrefix?: string | undefined;
  /** The white space behind the secret, where it is a part of the key. */
  readonly keySuffix?: string | undefined;
  /** Which of the given secrets, from 0. */
  readonly secret: number;
}

/** All keys of the secrets, each once, the likely ones first. */
export function keysOf(secrets: readonly GivenSecret[]): Key[] {
  const all = secrets.flatMap(({ text, spaced }, secret) => [
    ...[undefined, ...prefixesOf(text)].flatMap((keyPrefix) =>
      formsOf(text.slice(keyPrefix?.length ?? 0)).map((key) => ({ key, keyPrefix, secret })),
    ),
    ...(spaced === undefined || spaced === text || !spaced.startsWith(text)
      ? []
      : [{ key: 'utf8' as const, keyPrefix: undefined, keySuffix: spaced.slice(text.length), secret }]),
  ]);
  const made = all.map(
    (form): Key => ({ ...form, bytes: keyOf(form, (secrets[form.secret] as GivenSecret).text) }),
  );
  const seen = new Set<string>();
  return made.filter(({ bytes }) => {
    const text = bytes.toString('latin1');
    if (text === '' || seen.has(text)) return false;
    seen.add(text);
    return true;
  });
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
