import { createHash, createHmac, type KeyObject, verify } from 'node:crypto';
import type { BasicScheme, SchemeData } from '../scheme-data.ts';
import type { Key } from './keys.ts';
import { type Carrier, carriersOf, type GivenSecret, type Sample } from './sample.ts';
import { digests } from './shapes.ts';

/** What a delivery carries that is no HMAC of it. */
export interface Other {
  readonly kind: 'token' | 'basic' | 'jwt';
  /** It fits a secret that was given (its number, from 0) or the public key. */
  readonly fits: boolean;
  readonly secret?: number | undefined;
  readonly scheme?: SchemeData;
  readonly place: Pick<Carrier, 'in' | 'name'>;
  readonly words: string;
}

const told = { basis: 'observed', source: '' } as const;
const basic: BasicScheme = { kind: 'basic', ...told };

/** A secret that is shorter may stand anywhere by chance. */
const leastToken = 8;

/** Everything in a delivery that is a credential of another kind: those that fit a secret first. */
export function othersIn(
  sample: Sample,
  secrets: readonly GivenSecret[],
  keys: readonly Key[],
  publicKey?: KeyObject,
): Other[] {
  const found = carriersOf(sample).flatMap((carrier) => [
    ...basicIn(carrier, secrets),
    ...tokenIn(carrier, secrets),
    ...jwtIn(carrier, sample, keys, publicKey),
  ]);
  return found.sort((one, other) => Number(other.fits) - Number(one.fits));
}

/** How a place is called. */
export const placeWords = ({ in: kind, name }: Pick<Carrier, 'in' | 'name'>): string =>
  ({ header: name, query: `the query parameter ${name}`, body: `the body field ${name}` })[kind];

/** The secret as it is, with or without words around it. */
function tokenIn(carrier: Carrier, secrets: readonly GivenSecret[]): Other[] {
  const secret = secrets.findIndex(({ text }) => text.length >= leastToken && carrier.value.includes(text));
  if (secret < 0) return [];
  const value = carrier.value.replace((secrets[secret] as GivenSecret).text, '{secret}');
  // Among much else it is no token: the body may well hold the secret, or a cookie.
  if (!/^(?:[\w-]{1,20}[ :=]"?)?\{secret\}"?$/.test(value)) return [];
  const { name, in: place } = carrier;
  const scheme =
    place === 'body'
      ? {}
      : {
          scheme: {
            kind: 'token',
            ...told,
            in: place,
            name,
            ...(value === '{secret}' ? {} : { value }),
          } as const,
        };
  const form = value === '{secret}' ? 'the secret as it is' : `"${value}"`;
  const where = place === 'body' ? ', which no record can say: a token stands in a header or the query' : '';
  return [
    {
      kind: 'token',
      fits: true,
      secret,
      place: carrier,
      ...scheme,
      words: `${placeWords(carrier)} holds ${form}, a static token, no signature${where}`,
    },
  ];
}

function basicIn(carrier: Carrier, secrets: readonly GivenSecret[]): Other[] {
  const [, text = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(carrier.value) ?? [];
  if (text === '' || carrier.in !== 'header') return [];
  const pair = Buffer.from(text, 'base64').toString();
  const isPair = ({ text: secret }: GivenSecret) => pair === secret;
  const isHalf = ({ text: secret }: GivenSecret) =>
    pair.endsWith(`:${secret}`) || pair.startsWith(`${secret}:`);
  const whole = secrets.findIndex(isPair);
  const secret = whole < 0 ? secrets.findIndex(isHalf) : whole;
  const base = { kind: 'basic', place: carrier } as const;
  const said = `${carrier.name} holds basic auth (user and password), no signature`;
  if (secret < 0)
    return [
      {
        ...base,
        fits: false,
        words: `${said}, with another user or password than the secret: give user:password as the secret`,
      },
    ];
  const half =
    whole < 0
      ? '; the secret given is one half of it: a scheme of this kind takes user:password as the secret'
      : '';
  return [{ ...base, fits: true, secret, scheme: basic, words: said + half }];
}

const jwtPattern = /(?<![\w.-])(eyJ[\w-]+)\.([\w-]+)\.([\w-]*)(?![\w.-])/;

const hashOfAlg: Readonly<Record<string, string>> = { 256: 'sha256', 384: 'sha384', 512: 'sha512' };

function jwtIn(
  carrier: Carrier,
  { received }: Sample,
  keys: readonly Key[],
  publicKey: KeyObject | undefined,
): Other[] {
  const [, head = '', payload = '', signature = ''] = jwtPattern.exec(carrier.value) ?? [];
  const { alg } = (objectIn(head) ?? {}) as { alg?: unknown };
  if (typeof alg !== 'string') return [];
  const content = Buffer.from(`${head}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  const [, family = '', size = ''] = /^(HS|RS|PS|ES)(256|384|512)$/.exec(alg) ?? [];
  const hash = hashOfAlg[size] ?? '';
  const key =
    family === 'HS'
      ? keys.find(({ bytes: each }) => createHmac(hash, each).update(content).digest().equals(bytes))
      : undefined;
  const isFit =
    key !== undefined || (publicKey !== undefined && verifies(alg, hash, content, publicKey, bytes));
  const claim = claimOf(objectIn(payload), received.body);
  const body =
    claim === undefined
      ? 'it does not say what the body is: none of its claims is a hash of the body'
      : `its claim "${claim.name}" is the ${claim.hash} of the body`;
  const judged = isFit
    ? 'its signature fits'
    : family === 'HS'
      ? 'its signature does not fit the secret: give the one it was made with'
      : publicKey
        ? 'its signature does not fit the public key'
        : 'its signature is checked with --public-key-file';
  const words = `${placeWords(carrier)} holds a JWT (${alg}), no HMAC of the delivery: ${judged}; ${body}`;
  return [{ kind: 'jwt', fits: isFit, secret: key?.secret, place: carrier, words }];
}

/** The JSON object in base64url, or nothing. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The claim that is a hash of the body. */
function claimOf(
  claims: Record<string, unknown> | undefined,
  body: Uint8Array,
): { name: string; hash: string } | undefined {
  for (const hash of digests) {
    const digest = createHash(hash).update(body).digest();
    const forms = [
      digest.toString('hex'),
      digest.toString('hex').toUpperCase(),
      digest.toString('base64'),
      digest.toString('base64url'),
    ];
    const [name] =
      Object.entries(claims ?? {}).find(([, value]) => typeof value === 'string' && forms.includes(value)) ??
      [];
    if (name !== undefined) return { name, hash: hash.toUpperCase() };
  }
  return undefined;
}

/** A JWT's signature by a public key; a key of another kind verifies nothing. */
function verifies(alg: string, hash: string, content: Buffer, key: KeyObject, signature: Buffer): boolean {
  const type = key.asymmetricKeyType;
  try {
    if (alg === 'EdDSA') return type === 'ed25519' && verify(null, content, key, signature);
    if (alg.startsWith('RS')) return type === 'rsa' && verify(hash, content, key, signature);
    if (alg.startsWith('ES'))
      return type === 'ec' && verify(hash, content, { key, dsaEncoding: 'ieee-p1363' }, signature);
    const padding = { key, padding: 6, saltLength: -1 };
    return alg.startsWith('PS') && type === 'rsa' && verify(hash, content, padding, signature);
  } catch {
    return false;
  }
}
