import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Inference } from '../../../src/core/infer/conclude.ts';
import { parseScheme } from '../../../src/core/schemes/parse.ts';
import { schemeOf } from '../../../src/core/schemes.ts';
import type { Headers, Received } from '../../../src/core/types.ts';
import { inferred } from '../../helpers/inferring.ts';
import { type Message, message, type Signer, signed } from '../../helpers/signers.ts';

const secret = 'a-secret-of-acme-1';
const hex = (digest: Buffer) => digest.toString('hex');
const plain: Signer = {
  secret,
  digest: 'sha256',
  write: hex,
  over: ({ body }) => [body],
  place: (signature) => ({ headers: [['X-Acme-Signature', signature]] }),
};
const by = (change: Partial<Signer>): Received[] =>
  [0, 1].map((index) => signed({ ...plain, ...change }, message(index)));
/** Deliveries with headers of their own. */
const having = (headers: (of: Message) => Headers): Received[] =>
  [0, 1].map((index) => signed({ ...plain, place: (_, of) => ({ headers: headers(of) }) }, message(index)));
const withBody = (seen: readonly Received[], change: (body: string) => string): Received[] =>
  seen.map((each) => ({ ...each, body: Buffer.from(change(Buffer.from(each.body).toString())) }));
const said = ({ status, kind, words }: Inference) => [status, kind, words.join('\n')];
const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url');

function jwt(alg: string, claims: object, key: string | KeyObject): string {
  const content = `${base64url(JSON.stringify({ alg, typ: 'JWT' }))}.${base64url(JSON.stringify(claims))}`;
  const size = alg.slice(2);
  const signature =
    typeof key === 'string'
      ? createHmac(`sha${size}`, key).update(content).digest()
      : sign(alg === 'EdDSA' ? null : `sha${size}`, Buffer.from(content), key);
  return `${content}.${base64url(signature)}`;
}

const ed25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('what cannot be inferred is not, and it is said what to do', () => {
  const cases: [string, Received[], string, RegExp][] = [
    ['another secret', by({ key: Buffer.from('another one') }), 'none', /next: another secret/],
    ['a secret in two parts', by({ key: Buffer.from(`${secret}:x`) }), 'none', /X-Acme-Signature/],
    [
      'a truncated body',
      withBody(by({}), (body) => body.slice(0, -9)),
      'none',
      /truncated: content-length says \d+ bytes/,
    ],
    [
      'a truncated body without its length',
      withBody(by({}), (body) => body.slice(0, -9)).map((each) => ({
        ...each,
        headers: each.headers.filter(([name]) => name !== 'Content-Length'),
      })),
      'none',
      /no whole JSON/,
    ],
    ['a field that is not in the capture', by({ over: ({ body }) => ['merchant-7', body] }), 'none', /next:/],
    ['five parts', by({ over: (of) => [of.method, of.host, of.path, of.query, of.body] }), 'none', /next:/],
    [
      'a truncated digest',
      by({ write: (digest) => hex(digest.subarray(0, 20)) }),
      'none',
      /first 20 bytes of an HMAC-SHA256 .*truncated digest is refused/,
    ],
    [
      'one that looks like MD5',
      by({ write: (digest) => hex(digest.subarray(0, 16)) }),
      'none',
      /first 16 bytes/,
    ],
    [
      'a short one',
      by({ write: (digest) => hex(digest.subarray(0, 8)) }),
      'none',
      /holds 8 bytes: .* less than 16 bytes is refused/,
    ],
    ['a checksum', by({ write: (digest) => hex(digest.subarray(0, 4)) }), 'none', /holds 4 bytes/],
    ['no headers', by({}).map((each) => ({ ...each, headers: [] })), 'none', /has no headers/],
    ['no signature', having(() => []), 'none', /nothing in the capture could be a signature/],
    ['an empty body that was none', withBody(by({}), () => ''), 'none', /the body is empty/],
    [
      'a hash without a secret',
      having(({ body }) => [['Content-MD5', createHash('md5').update(body).digest('base64')]]),
      'none',
      /MD5 of the body, made without a secret/,
    ],
    [
      'what is masked',
      having(() => [['X-Acme-Token', '••••abcd']]),
      'none',
      /X-Acme-Token is masked .* --record/,
    ],
    [
      'Ed25519 without key',
      having(({ body }) => [['X-Signature-Ed25519', hex(sign(null, body, ed25519.privateKey))]]),
      'asymmetric',
      /64 bytes: .* \(Ed25519\); .*--public-key-file/,
    ],
    [
      'Ed25519 in base64',
      having(({ body }) => [
        ['webhook-signature', `v1a,${sign(null, body, ed25519.privateKey).toString('base64')}`],
      ]),
      'asymmetric',
      /--public-key-file/,
    ],
    [
      'Ed25519 in hex, under a name that does not say it',
      having(({ body }) => [['X-Sig', hex(sign(null, body, ed25519.privateKey))]]),
      'asymmetric',
      /X-Sig holds 64 bytes: .* \(Ed25519\), or an HMAC-SHA512 .*--public-key-file/,
    ],
    [
      'a digest in hex, and that in base64',
      by({ write: (digest) => Buffer.from(hex(digest)).toString('base64') }),
      'none',
      /X-Acme-Signature holds the HMAC-SHA256 of "\{body\}" with this secret, in hex, and that text in base64: no record/,
    ],
    [
      'such a one of another secret',
      by({ key: Buffer.from('x'), write: (digest) => Buffer.from(hex(digest)).toString('base64') }),
      'none',
      /X-Acme-Signature holds base64 of a hex text, of 32 bytes as a SHA256 has: .*\n.*\nnext: another secret/,
    ],
    [
      'such a one of SHA-512, as long as RSA',
      by({
        digest: 'sha512',
        key: Buffer.from('x'),
        write: (digest) => Buffer.from(hex(digest)).toString('base64'),
      }),
      'none',
      /base64 of a hex text, of 64 bytes as a SHA512 has/,
    ],
    [
      'RSA without key',
      having(({ body }) => [['X-Signature', sign('sha256', body, rsa.privateKey).toString('base64')]]),
      'asymmetric',
      /256 bytes: .* \(RSA, 2048 bits\)/,
    ],
    [
      'ECDSA without key',
      having(({ body }) => [['X-Signature', sign('sha256', body, ec.privateKey).toString('base64')]]),
      'asymmetric',
      /ECDSA \(DER\)/,
    ],
    [
      'a JWT of another secret',
      having(({ id }) => [['Authorization', `Bearer ${jwt('HS256', { id }, 'another')}`]]),
      'jwt',
      /a JWT \(HS256\).* does not fit the secret/,
    ],
    [
      'a JWT without key',
      having(({ id }) => [['Authorization', `Bearer ${jwt('RS256', { id }, rsa.privateKey)}`]]),
      'jwt',
      /RS256.*--public-key-file/,
    ],
    [
      'basic auth of somebody else',
      having(() => [['Authorization', `Basic ${Buffer.from('ada:lovelace').toString('base64')}`]]),
      'basic',
      /another user or password/,
    ],
    [
      'a token of somebody else',
      having(() => [['X-Acme-Token', 'tok-of-somebody-else']]),
      'token',
      /same in all captures/,
    ],
    [
      'SHA-512 of another secret',
      by({ digest: 'sha512', key: Buffer.from('other') }),
      'none',
      /next: another secret/,
    ],
  ];
  const whole = ['another secret', 'a field that is not in the capture', 'five parts'];
  it.each(cases)('%s', (name, seen, kind, words) => {
    const result = inferred(seen, secret, { quick: !whole.includes(name) });
    expect(said(result)).toEqual(['none', kind, expect.stringMatching(words)]);
    expect(result.scheme).toBeUndefined();
    expect(result.words[0]).toBe('nothing fits');
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  const next = ({ words }: Inference) => words.at(-1);
  const quick = { quick: true };
  const mailgun = having(() => []).map((each, index) => {
    const signature = createHmac('sha256', secret).update(`${index}`).digest('hex');
    return {
      ...each,
      body: Buffer.from(JSON.stringify({ signature: { token: 't', signature }, 'event-data': {} })),
    };
  });

  it.each<[string, () => Inference, RegExp, RegExp]>([
    [
      'a truncated digest of this very secret',
      () => inferred(by({ write: (digest) => hex(digest.subarray(0, 20)) }), secret, quick),
      /provider init NAME --code/,
      /another secret/,
    ],
    [
      'RSA without a key',
      () =>
        inferred(
          having(({ body }) => [['X-Signature', sign('sha256', body, rsa.privateKey).toString('base64')]]),
          secret,
          quick,
        ),
      /^next: the provider’s public key, with --public-key-file/,
      /secret/,
    ],
    [
      'RSA of another key',
      () =>
        inferred(
          having(({ body }) => [['X-Signature', sign('sha256', body, rsa.privateKey).toString('base64')]]),
          [],
          { ...quick, publicKey: ec.publicKey },
        ),
      /^next: another public key/,
      /secret/,
    ],
    [
      'what may be Ed25519 or HMAC-SHA512',
      () =>
        inferred(
          by({ digest: 'sha512', key: Buffer.from('x'), write: (digest) => digest.toString('base64') }),
          secret,
          quick,
        ),
      /public key, with --public-key-file; another secret/,
      /--code/,
    ],
    [
      'Ed25519 or HMAC-SHA512 in hex',
      () =>
        inferred(
          having(({ body }) => [['X-Sig', hex(sign(null, body, ed25519.privateKey))]]),
          secret,
          quick,
        ),
      /public key, with --public-key-file; another secret/,
      /--code/,
    ],
    [
      'a digest of this very secret in hex, and that in base64',
      () => inferred(by({ write: (digest) => Buffer.from(hex(digest)).toString('base64') }), secret, quick),
      /provider init NAME --code/,
      /secret,|public/,
    ],
    [
      'no headers',
      () =>
        inferred(
          by({}).map((each) => ({ ...each, headers: [] })),
          secret,
          quick,
        ),
      /^next: captures of the raw request/,
      /secret/,
    ],
    [
      'basic auth of somebody else',
      () =>
        inferred(
          having(() => [['Authorization', `Basic ${Buffer.from('ada:lovelace').toString('base64')}`]]),
          secret,
          quick,
        ),
      /^next: user:password as the secret/,
      /another secret/,
    ],
    [
      'a signature inside of the body',
      () => inferred(mailgun, secret, quick),
      /provider init NAME --code/,
      /secret,/,
    ],
  ])('the next step belongs to it: %s', (_name, run, wanted, unwanted) => {
    const words = next(run());
    expect(words).toMatch(wanted);
    expect(words).not.toMatch(unwanted);
  });

  it('names a field inside of the body that looks like a signature', () => {
    const words = inferred(mailgun, secret, quick).words.join('\n');
    expect(words).toContain(
      'only fields at the top of the body are tried; signature.signature looks like one',
    );
    expect(words).toContain('or field at the top of the body holds 16 bytes');
  });

  it('calls no time, id or word beside the signature a short digest', () => {
    const seen = having(({ seconds }) => [
      ['X-Signature-Timestamp', seconds],
      ['X-Signature-Sent-By', seconds],
      ['X-Signature-Id', 'msg_2KWPBgLl'],
      ['X-Signature-Algorithm', 'hmac-sha256'],
      ['X-Hmac-Version', '2026-11-21'],
    ]);
    expect(inferred(seen, secret, { quick: true }).words.join('\n')).not.toMatch(/holds \d+ bytes: a digest/);
  });

  it('counts what was tried, and says what was not', () => {
    const { tried } = inferred(by({ key: Buffer.from('other') }), secret, { steps: 3 });
    expect(tried).toMatchObject({ captures: 2, secrets: 1, carriers: 9, signatures: 1, digests: 1, keys: 2 });
    expect(tried.hashes).toBeGreaterThan(100);
    expect(tried.left_out.join()).toMatch(/the time was over/);
  });
});

describe('what is no HMAC', () => {
  it.each<[string, (of: Message) => readonly [string, string], object]>([
    ['the secret in a header', () => ['X-Acme-Token', secret], { in: 'header', name: 'X-Acme-Token' }],
    [
      'a bearer',
      () => ['Authorization', `Bearer ${secret}`],
      { name: 'Authorization', value: 'Bearer {secret}' },
    ],
  ])('%s', (_name, header, expected) => {
    const result = inferred(
      having((of) => [header(of)]),
      secret,
    );
    expect(result).toMatchObject({
      status: 'confirmed',
      kind: 'token',
      scheme: { kind: 'token', basis: 'observed', ...expected },
    });
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it('the secret in the query', () => {
    const seen = by({ place: () => ({ query: `key=${secret}` }) });
    expect(inferred(seen, secret)).toMatchObject({
      status: 'confirmed',
      kind: 'token',
      scheme: { in: 'query', name: 'key' },
    });
  });

  it('a secret that is too short to be told from chance', () => {
    expect(
      inferred(
        having(() => [['X-Level', 'abc']]),
        'abc',
      ).status,
    ).toBe('none');
  });

  it('basic auth', () => {
    const seen = having(() => [
      ['Authorization', `Basic ${Buffer.from('ada:lovelace-1').toString('base64')}`],
    ]);
    expect(inferred(seen, 'ada:lovelace-1')).toMatchObject({
      status: 'confirmed',
      kind: 'basic',
      scheme: { kind: 'basic' },
    });
    const half = inferred(seen, 'lovelace-1');
    expect(half).toMatchObject({ status: 'confirmed', kind: 'basic' });
    expect(half.words.join()).toMatch(/one half of it/);
  });

  it.each(['HS256', 'HS384', 'HS512'])('a JWT of %s, and what it says of the body', (alg) => {
    const seen = having(({ body, id }) => [
      ['X-Jwt', jwt(alg, { id, sha: createHash('sha256').update(body).digest('hex') }, secret)],
    ]);
    const result = inferred(seen, secret);
    expect(said(result)).toEqual([
      'confirmed',
      'jwt',
      expect.stringMatching(`JWT \\(${alg}\\).*signature fits; its claim "sha" is the SHA256 of the body`),
    ]);
    expect(result.scheme).toBeUndefined();
  });

  it('a JWT with a public key', () => {
    const seen = having(({ id }) => [['X-Jwt', jwt('RS256', { id }, rsa.privateKey)]]);
    expect(inferred(seen, [], { publicKey: rsa.publicKey })).toMatchObject({
      status: 'confirmed',
      kind: 'jwt',
    });
    expect(inferred(seen, [], { publicKey: ec.publicKey })).toMatchObject({ status: 'none', kind: 'jwt' });
  });
});

describe('with a public key', () => {
  const standard = having((of) => {
    const content = Buffer.concat([Buffer.from(`${of.id}.${of.seconds}.`), of.body]);
    return [
      ['webhook-id', of.id],
      ['webhook-timestamp', of.seconds],
      ['webhook-signature', `v1a,${sign(null, content, ed25519.privateKey).toString('base64')}`],
    ];
  });

  it('Ed25519 is verified, and is a scheme', () => {
    expect(inferred(standard, [], { publicKey: ed25519.publicKey })).toMatchObject({
      status: 'confirmed',
      kind: 'asymmetric',
      scheme: {
        kind: 'ed25519',
        names: { signature: 'webhook-signature', id: 'webhook-id', timestamp: 'webhook-timestamp' },
        over: '{id}.{timestamp}.{body}',
        encoding: 'base64',
        value: 'v1a,{signature}',
        separator: ' ',
      },
    });
  });

  it('so is one over a time in a header that is named for the signature', () => {
    const seen = having((of) => {
      const content = Buffer.concat([Buffer.from(of.seconds), of.body]);
      return [
        ['X-Signature-Ed25519', hex(sign(null, content, ed25519.privateKey))],
        ['X-Signature-Timestamp', of.seconds],
      ];
    });
    expect(inferred(seen, [], { publicKey: ed25519.publicKey })).toMatchObject({
      status: 'confirmed',
      scheme: {
        names: { signature: 'X-Signature-Ed25519', timestamp: 'X-Signature-Timestamp' },
        over: '{timestamp}{body}',
        encoding: 'hex',
      },
    });
  });

  it.each<[string, KeyObject, (body: Buffer) => Buffer]>([
    ['RSA-SHA256', rsa.publicKey, (body) => sign('sha256', body, rsa.privateKey)],
    ['RSA-PSS-SHA256', rsa.publicKey, (body) => sign('sha256', body, { key: rsa.privateKey, padding: 6 })],
    ['ECDSA-SHA256', ec.publicKey, (body) => sign('sha256', body, ec.privateKey)],
    [
      'ECDSA (r and s)-SHA256',
      ec.publicKey,
      (body) => sign('sha256', body, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
    ],
  ])('%s is verified, and no record can say it', (algorithm, publicKey, signer) => {
    const result = inferred(
      having(({ body }) => [['X-Signature', signer(body).toString('base64')]]),
      [],
      { publicKey },
    );
    expect(result).toMatchObject({ status: 'confirmed', kind: 'asymmetric' });
    expect(result.words[0]).toContain(`${algorithm} (base64) over "{body}" in X-Signature`);
    expect(result.words.join('\n')).toMatch(/no record can say this[\s\S]*hooks provider init NAME --code/);
    expect(result.scheme).toBeUndefined();
  });

  it('of somebody else nothing fits', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(said(inferred(standard, [], { publicKey }))).toEqual([
      'none',
      'asymmetric',
      expect.stringMatching(/does not fit the public key/),
    ]);
  });
});

describe('how many agree', () => {
  const [first, second] = by({}) as [Received, Received];

  it('one is a candidate, and asks for a second', () => {
    const result = inferred([first], secret);
    expect(said(result)).toEqual(['candidate', 'hmac', expect.stringMatching(/capture a second one/)]);
    expect(result.scheme).toMatchObject({ source: 'seen in 1 delivery on 2026-11-21' });
  });

  it('the same one twice is no more', () => {
    expect(inferred([first, first], secret).scheme).toMatchObject({
      source: 'seen in 1 delivery on 2026-11-21',
    });
    expect(said(inferred([first, first], secret))).toEqual([
      'candidate',
      'hmac',
      expect.stringMatching(/one and the same delivery/),
    ]);
  });

  it('two confirm, seen when they came', () => {
    const at = Date.UTC(2026, 0, 2);
    expect(
      inferred(
        [
          { received: first, at },
          { received: second, at },
        ],
        secret,
      ),
    ).toMatchObject({
      status: 'confirmed',
      scheme: { source: 'seen in 2 deliveries on 2026-01-02' },
    });
  });

  it('a secret that was changed is a disagreement, and it is said how many fit which', () => {
    const rotated = signed({ ...plain, secret: 'the-new-one-of-acme' }, message(3));
    const unknown = inferred([first, second, rotated], secret);
    expect(said(unknown)).toEqual([
      'disagree',
      'hmac',
      expect.stringMatching(/2 fit: HMAC-SHA256[\s\S]*1 fits nothing: another secret/),
    ]);
    const both = inferred([first, second, rotated], [secret, 'the-new-one-of-acme']);
    expect(said(both)).toEqual([
      'disagree',
      'hmac',
      expect.stringMatching(/2 fit: .*secret 1 of 2[\s\S]*1 fits: .*secret 2 of 2[\s\S]*rotation/),
    ]);
    expect(both.scheme).toMatchObject({ over: '{body}' });
  });

  it('two signatures in one value, each of its secret, are told', () => {
    const twice: Partial<Signer> = {
      place: (signature, of) => {
        const other = createHmac('sha256', 'the-new-one-of-acme').update(of.body).digest('hex');
        return { headers: [['X-Acme-Signature', `v1=${signature},v1=${other}`]] };
      },
    };
    const both = inferred(by(twice), [secret, 'the-new-one-of-acme']);
    expect(said(both)).toEqual([
      'confirmed',
      'hmac',
      expect.stringMatching(/^secrets 1 and 2 of 2 both fit: /m),
    ]);
    const one = inferred(by(twice), [secret, 'of-somebody-else']);
    expect(one.words).toContain('it fits secret 1 of 2');
  });

  it('a capture that is damaged is named, with what is wrong with it', () => {
    const cut = { ...signed(plain, message(2)), body: message(2).body.subarray(0, 20) };
    const bare = { ...signed(plain, message(3)), headers: [] };
    const length = message(2).body.length;
    const one = inferred([first, cut], secret);
    expect(said(one)).toEqual([
      'disagree',
      'hmac',
      expect.stringContaining(
        `\n1 fits nothing as captured\ncapture 2: the body is truncated: content-length says ${length} bytes, the capture has 20; capture all of it\nleave out`,
      ),
    ]);
    expect(one.words.join()).not.toMatch(/another secret/);
    const rotated = signed({ ...plain, secret: 'the-new-one-of-acme' }, message(4));
    const more = inferred([cut, bare, first, rotated, second], secret).words.join('\n');
    expect(more).toMatch(
      /^2 fit nothing as captured\ncapture 1: .* truncated: .*\ncapture 2: .* no headers/m,
    );
    expect(more).toMatch(/^1 fits nothing: another secret/m);
  });

  it('so are mixed providers', () => {
    const other = signed(
      { ...plain, place: (signature) => ({ headers: [['Other-Hmac', signature]] }), digest: 'sha512' },
      message(3),
    );
    const result = inferred([first, other], secret);
    expect(said(result)).toEqual([
      'disagree',
      'hmac',
      expect.stringMatching(/1 fits: .*SHA256[\s\S]*1 fits: .*SHA512/),
    ]);
    expect(result.scheme).toBeUndefined();
  });

  it('a delivery that is not signed disagrees', () => {
    expect(inferred([first, { ...second, headers: [] }], secret).status).toBe('disagree');
  });

  it('an empty body beside a full one settles what is signed', () => {
    const timed: Partial<Signer> = {
      over: (of) => [of.seconds, of.body],
      place: (signature, of) => ({
        headers: [
          ['x-time', of.seconds],
          ['x-sig', signature],
        ],
      }),
    };
    const empty = signed({ ...plain, ...timed }, { ...message(0), body: Buffer.alloc(0) });
    expect(inferred([empty, signed({ ...plain, ...timed }, message(1))], secret)).toMatchObject({
      status: 'confirmed',
      scheme: { over: '{timestamp}{body}' },
    });
  });
});

describe('a body that was rewritten on its way', () => {
  it.each<[string, (body: string) => string, RegExp]>([
    ['indented', (body) => JSON.stringify(JSON.parse(body), undefined, 2), /compact JSON/],
    ['with a line break', (body) => `${body}\n`, /trailing newline/],
  ])('%s', (_name, change, words) => {
    const result = inferred(withBody(by({}), change), secret);
    expect(said(result)).toEqual(['confirmed', 'reserialised', expect.stringMatching(words)]);
    expect(result.scheme).toMatchObject({ kind: 'hmac', over: '{body}' });
  });

  it('beside one that was not is told, and is an HMAC', () => {
    const [first, second] = by({}) as [Received, Received];
    const result = inferred([first, ...withBody([second], (body) => `${body}\n`)], secret);
    expect(said(result)).toEqual(['confirmed', 'hmac', expect.stringMatching(/rewritten/)]);
  });
});

describe('a secret with white space', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'is tried without',
      `${secret}\n`,
      secret,
      /the key is the text of the secret$[\s\S]*: it fits without/m,
    ],
    [
      'and with that behind it',
      `${secret}\n`,
      `${secret}\n`,
      /white space behind it \(the line break[\s\S]* behind it \(.*\) and without: it fits only with that behind it/,
    ],
    [
      'and without that before it',
      `\t${secret}`,
      secret,
      /white space before it and without: it fits without/,
    ],
  ])('%s', (_name, spaced, key, words) => {
    const seen = by({ key: Buffer.from(key) }).map((received) => ({ received }));
    const result = inferred(seen, [], { secrets: [{ text: secret, spaced }] });
    expect(said(result)).toEqual(['confirmed', 'hmac', expect.stringMatching(words)]);
    // Everywhere else a secret comes without the white space around it.
    const scheme = schemeOf(parseScheme(result.scheme, 'found'));
    for (const { received } of seen) expect(scheme.verify(received, [secret], 0)).toEqual([]);
  });

  it.each([
    ['before it', `  ${secret}`, `  ${secret}`],
    ['before it', `\t${secret} `, `\t${secret}`],
    ['before it and behind it', `  ${secret} `, `  ${secret} `],
  ])('with that %s, which no record can say: %j', (place, spaced, key) => {
    const result = inferred(by({ key: Buffer.from(key) }), [], { secrets: [{ text: secret, spaced }] });
    expect(said(result)).toEqual([
      'confirmed',
      'hmac',
      expect.stringMatching(
        `with the white space ${place}; without[\\s\\S]*no record can say[\\s\\S]*--code[\\s\\S]*: it fits only with that ${place}$`,
      ),
    ]);
    expect(result.scheme).toBeUndefined();
  });

  it('says what was tried where nothing fits', () => {
    const secrets = [{ text: secret, spaced: ` ${secret}\n` }];
    const { words } = inferred(by({ key: Buffer.from('other') }), [], { secrets, quick: true });
    expect(words).toContain(
      'the secret was tried with the white space before it, behind it (the line break at the end of its file), with both and without: none fits',
    );
  });
});

it('an address as it is registered is signed and written', () => {
  const registered = 'https://public.acme.test/in';
  const seen = by({ over: ({ body }) => [registered, body] });
  expect(inferred(seen, secret, { quick: true }).status).toBe('none');
  expect(inferred(seen, secret, { url: registered })).toMatchObject({
    status: 'confirmed',
    scheme: { over: '{url}{body}', url: registered },
  });
});

it('an address with a secret in it is not written', () => {
  const seen = by({
    place: (signature) => ({ headers: [['x-sig', signature]], query: `k=${secret}` }),
    over: (of) => [`https://${of.host}${of.path}?${of.query}&k=${secret}`, of.body],
  });
  const result = inferred(seen, secret);
  expect(result).toMatchObject({
    status: 'confirmed',
    kind: 'hmac',
    scheme: { over: 'https://{host}{path}?{query}{body}' },
  });
  expect(JSON.stringify(result)).not.toContain(secret);
});
