import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MistakeCode, mistakeCodes } from '../../src/core/codes.ts';
import type { Witness } from '../../src/core/explain.ts';
import { hmac } from '../../src/core/hmac.ts';
import type { HmacRecord } from '../../src/core/hmac-record.ts';
import type { Bench } from '../../src/core/judge.ts';
import type { Likely, Received } from '../../src/core/types.ts';
import {
  fromRoastify,
  fromRoseRocket,
  judged,
  now,
  request,
  roastify,
  roastifyBody,
  roseRocket,
  roseRocketBody,
  second,
  shoprocket,
  withHeader,
} from '../helpers/deliveries.ts';

/** The explanation of a verdict; there is never more than one. */
function likelyOf(received: Received, bench: Partial<Bench> = {}): Likely | undefined {
  const explained = judged(received, bench).problems.flatMap(({ likely }) => likely ?? []);
  expect(explained.length).toBeLessThanOrEqual(1);
  return explained[0];
}

const secret = roastify.exampleSecret;
const bare = secret.slice(6);
const key = Buffer.from(bare, 'base64');

/** A body in which every way of writing JSON shows. */
const value = {
  type: 'order.created',
  data: { url: 'https://a.example/b', name: 'Zoë ☕ 😀', tags: ['x', 'y'], none: [], empty: {}, n: 12.5 },
  also: null,
};
const compact = JSON.stringify(value);
const indented = (indent: number | string) => JSON.stringify(value, null, indent);
const slashed = (text: string) => text.replaceAll('/', '\\/');
const ascii = (text: string) =>
  text.replace(/[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** What `json.dumps(value)` prints, written down rather than made. */
const dumps =
  '{"type": "order.created", "data": {"url": "https://a.example/b", "name": "Zo\\u00eb \\u2615 \\ud83d\\ude00", ' +
  '"tags": ["x", "y"], "none": [], "empty": {}, "n": 12.5}, "also": null}';
const unescaped = (text: string) =>
  text.replace(/\\u([0-9a-f]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
/** The same with `sort_keys=True, separators=(',', ':'), ensure_ascii=False`. */
const sorted =
  '{"also":null,"data":{"empty":{},"n":12.5,"name":"Zoë ☕ 😀","none":[],"tags":["x","y"],"url":"https://a.example/b"},"type":"order.created"}';
const lines = (text: string) => text.replaceAll('\n', '\r\n');

/** [the code, what was signed, what came] */
const rewritten: [MistakeCode, string, signed: string, came: string][] = [
  ['BODY_COMPACT', 'compact → two spaces', compact, indented(2)],
  ['BODY_COMPACT', 'compact → Python', compact, dumps],
  ['BODY_PRETTY', 'two spaces → compact', indented(2), compact],
  ['BODY_PRETTY', 'four spaces → compact', indented(4), compact],
  ['BODY_PRETTY', 'tabs → compact', indented('\t'), compact],
  ['BODY_SPACED', 'Python with ensure_ascii=False → compact', unescaped(dumps), compact],
  ['BODY_UNICODE_ESCAPES', 'Python → compact', dumps, compact],
  ['BODY_SLASH_ESCAPES', 'PHP without unicode escapes → compact', slashed(compact), compact],
  ['BODY_SLASH_ESCAPES', 'PHP → compact', ascii(slashed(compact)), compact],
  ['BODY_SLASH_ESCAPES', 'PHP, pretty → compact', ascii(slashed(indented(4))), compact],
  ['BODY_UNICODE_ESCAPES', 'ASCII only → compact', ascii(compact), compact],
  ['BODY_SORTED_KEYS', 'sorted → as it was', sorted, compact],
  ['BODY_TRAILING_NEWLINE', 'a newline was lost', `${compact}\n`, compact],
  ['BODY_TRAILING_NEWLINE', 'a newline was added', compact, `${compact}\n`],
  ['BODY_TRAILING_NEWLINE', 'a Windows newline was added', compact, `${compact}\r\n`],
  ['BODY_CRLF', 'CRLF → LF', lines(indented(2)), indented(2)],
  ['BODY_CRLF', 'LF → CRLF', indented(2), lines(indented(2))],
  ['BODY_BOM', 'a byte order mark was lost', `\ufeff${compact}`, compact],
  ['BODY_BOM', 'a byte order mark was added', compact, `\ufeff${compact}`],
  [
    'BODY_COMPACT',
    'digits no double can hold',
    '{"n":12345678901234567890,"e":1.0}',
    '{ "n": 12345678901234567890, "e": 1.0 }',
  ],
  ['BODY_COMPACT', 'numbers as JavaScript writes them', '{"a":1,"b":1000}', '{"a":1.0,"b":1e3}'],
];

const otherSecret = shoprocket.exampleSecret;
const milliseconds = String(now);

/** [the code, how it was made, the delivery] */
const slips: [MistakeCode, string, Received][] = [
  ['SECRET_NOT_DECODED', 'the text after whsec_ is the key', fromRoastify({ key: bare })],
  ['SECRET_PREFIX', 'the whole text is the key', fromRoastify({ key: secret })],
  ['SECRET_PREFIX', 'decoded, whsec_ included', fromRoastify({ key: Buffer.from(secret, 'base64') })],
  ['SECRET_WHITESPACE', 'the whole text and a newline', fromRoastify({ key: `${secret}\n` })],
  ['SECRET_WHITESPACE', 'a newline', fromRoseRocket({ key: `${roseRocket.exampleSecret}\n` })],
  ['SECRET_WHITESPACE', 'a Windows newline', fromRoseRocket({ key: `${roseRocket.exampleSecret}\r\n` })],
  ['SECRET_WHITESPACE', 'a space', fromRoseRocket({ key: `${roseRocket.exampleSecret} ` })],
  ['SECRET_DECODED', 'base64', fromRoseRocket({ key: Buffer.from(roseRocket.exampleSecret, 'base64') })],
  ['SECRET_OF_OTHER_PROVIDER', 'as text', fromRoseRocket({ key: otherSecret })],
  ['SECRET_OF_OTHER_PROVIDER', 'of Svix, as its text', fromRoseRocket({ key: secret })],
  ['SECRET_OF_OTHER_PROVIDER', 'as text, where it is decoded', fromRoastify({ key: otherSecret })],
  ['ENCODING_HEX', 'for base64', fromRoastify({ write: (mac) => `v1,${mac.toString('hex')}` })],
  ['ENCODING_BASE64', 'for hex', fromRoseRocket({ write: (mac) => `sha256=${mac.toString('base64')}` })],
  [
    'ENCODING_BASE64URL',
    'for base64',
    fromRoastify({ id: 'msg_2', write: (mac) => `v1,${mac.toString('base64url')}` }),
  ],
  [
    'ENCODING_UPPERCASE',
    'for hex',
    fromRoseRocket({ write: (mac) => `sha256=${mac.toString('hex').toUpperCase()}` }),
  ],
  [
    'ENCODING_UNPADDED',
    'for base64',
    fromRoastify({ id: 'msg_7', write: (mac) => `v1,${mac.toString('base64').replace('=', '')}` }),
  ],
  ['SIGNATURE_SHAPE', 'sha256= is missing', fromRoseRocket({ write: (mac) => mac.toString('hex') })],
  ['SIGNATURE_SHAPE', 'v1, is missing', fromRoastify({ write: (mac) => mac.toString('base64') })],
  ['SIGNATURE_SHAPE', 'v1= for v1,', fromRoastify({ write: (mac) => `v1=${mac.toString('base64')}` })],
  ['SIGNATURE_SHAPE', 'as Stripe', fromRoastify({ write: (mac) => `t=1,v1=${mac.toString('hex')}` })],
  ...['md5', 'sha1', 'sha224', 'sha384', 'sha512'].flatMap((digest): typeof slips => [
    ['DIGEST_ALGORITHM', digest, fromRoastify({ digest })],
    ['DIGEST_ALGORITHM', digest, fromRoseRocket({ digest })],
  ]),
  ['CONTENT_INCOMPLETE', 'the body alone', fromRoastify({ prefix: () => '' })],
  ['CONTENT_INCOMPLETE', 'no id', fromRoastify({ prefix: (_, timestamp) => `${timestamp}.` })],
  ['CONTENT_INCOMPLETE', 'no time', fromRoastify({ prefix: (id) => `${id}.` })],
  ['TIMESTAMP_MILLISECONDS', 'in the header and signed', fromRoastify({ timestamp: milliseconds })],
  [
    'TIMESTAMP_MILLISECONDS',
    'in the header only',
    fromRoastify({ timestamp: milliseconds, signedTimestamp: second }),
  ],
  ['TIMESTAMP_MILLISECONDS', 'signed only', fromRoastify({ signedTimestamp: milliseconds })],
  ...rewritten.map(([code, words, signed, body]): [MistakeCode, string, Received] => [
    code,
    words,
    fromRoastify({ signed, body }),
  ]),
];

/** Deliveries that came before. */
const witness = (received: Received): Witness => {
  const values = new Map(received.headers.map(([name, value]) => [name, value]));
  return {
    id: values.get('svix-id')!,
    timestamp: values.get('svix-timestamp')!,
    signatures: [values.get('svix-signature')!.slice(3)],
  };
};
const earlier = String(Number(second) - 5);
const witnesses = [
  witness(fromRoastify({ id: 'msg_other', timestamp: earlier })),
  witness(fromRoastify({ id: 'msg_1', timestamp: earlier })),
];
const seen: [MistakeCode, string, Received][] = [
  [
    'SIGNATURE_OF_OTHER_ID',
    'the header was copied from another delivery',
    withHeader(fromRoastify(), 'svix-signature', `v1,${witnesses[0]!.signatures[0]}`),
  ],
  ['SIGNATURE_OF_OTHER_ID', 'signed under another id, at this time', fromRoastify({ signedId: 'msg_other' })],
  [
    'SIGNATURE_OF_OTHER_ID',
    'signed under the id and time of another',
    fromRoastify({ signedId: 'msg_other', signedTimestamp: earlier }),
  ],
  [
    'SIGNATURE_OF_OTHER_ATTEMPT',
    'signed at the time of an earlier attempt',
    fromRoastify({ signedTimestamp: earlier }),
  ],
];

describe('a mistake that was really made is named', () => {
  it.each(slips)('%s: %s', (code, _, received) => {
    expect(likelyOf(received)?.code).toBe(code);
    expect(likelyOf(received, { thorough: true })?.code).toBe(code);
  });

  it.each(seen)('%s: %s', (code, _, received) => {
    expect(likelyOf(received, { witnesses })?.code).toBe(code);
  });

  it('and every code stands for one', () => {
    expect(new Set([...slips, ...seen].map(([code]) => code))).toEqual(new Set(mistakeCodes));
  });

  it('with words and a remedy that hold no secret', () => {
    for (const [, , received] of [...slips, ...seen]) {
      const { message, remedy } = likelyOf(received, { witnesses }) ?? {};
      expect(message).toMatch(/\S/);
      expect(remedy).toMatch(/\S/);
      for (const text of [secret, bare, roseRocket.exampleSecret, otherSecret, key.toString('hex')])
        expect(`${message} ${remedy}`).not.toContain(text);
    }
  });

  it('with any of several secrets', () => {
    const secretsOf = () => [`whsec_${Buffer.alloc(24).toString('base64')}`, secret];
    expect(likelyOf(fromRoastify({ key: bare }), { secretsOf })?.code).toBe('SECRET_NOT_DECODED');
  });

  it('where a digest ends in two equals signs', () => {
    const record: HmacRecord = {
      ...roseRocket.scheme.record!,
      digest: 'md5',
      encoding: 'base64',
      value: 'v1,{signature}',
    };
    const bodies = Array.from({ length: 40 }, (_, i) => `{"event":"order.created","n":${i}}`);
    for (const body of bodies) {
      const received = fromRoseRocket({ digest: 'md5', body, write: (mac) => mac.toString('base64') });
      const provider = { ...roseRocket, scheme: hmac(record) };
      expect(likelyOf(received, { provider })?.code).toBe('SIGNATURE_SHAPE');
    }
  });
});

describe('a thorough search', () => {
  const thorough = { thorough: true };

  it('finds two mistakes at once and tells both', () => {
    const both = fromRoastify({ key: bare, signed: compact, body: indented(2) });
    expect(likelyOf(both)).toBeUndefined();
    const likely = likelyOf(both, thorough);
    expect(likely?.code).toBe('SECRET_NOT_DECODED');
    expect(likely?.message).toMatch(/not what its base64 decodes to; and .*compact JSON/);
    expect(likely?.remedy.split('; and ')).toHaveLength(2);
  });

  it('finds a wrong encoding beside another mistake at once', () => {
    const likely = likelyOf(fromRoastify({ key: bare, write: (mac) => `v1,${mac.toString('hex')}` }));
    expect(likely?.message).toMatch(/not what its base64 decodes to; and .*written in hex/);
  });

  it.each([-97_200, -1, 1, 3600, 100_000])('finds the attempt %i s away', (away) => {
    const received = fromRoastify({ signedTimestamp: String(Number(second) + away) });
    expect(likelyOf(received)).toBeUndefined();
    expect(likelyOf(received, thorough)?.code).toBe('SIGNATURE_OF_OTHER_ATTEMPT');
  });

  it('rewrites a large body, which a listener leaves', () => {
    const big = JSON.stringify({ text: 'x'.repeat(70_000) });
    const received = fromRoastify({ signed: big, body: big.replace(':', ': ') });
    expect(likelyOf(received)).toBeUndefined();
    expect(likelyOf(received, thorough)?.code).toBe('BODY_COMPACT');
  });

  const wordsOn = (size: number, bench: Partial<Bench> = thorough) => {
    const body = `{ "text": "${'x'.repeat(size)}"}`;
    const received = fromRoastify({ signed: 'another', body });
    return judged(received, bench).problems.flatMap(({ unsearched }) => unsearched ?? []);
  };

  it('says what it leaves out for a body is too large', () => {
    expect(wordsOn(1000)).toEqual([]);
    expect(wordsOn(300_000)).toEqual(['a body of 293 kB is not searched for two mistakes at once']);
    expect(wordsOn(2_000_000)).toEqual([
      'a body of 1.9 MB is not searched for rewriting, nor for two mistakes at once',
    ]);
    expect(wordsOn(2_000_000, {})).toEqual([]);
  });

  it('of the largest bodies tries the likeliest mistakes alone, and says so', () => {
    const body = Buffer.alloc(90_000_000, 'x');
    const [problem] = judged(fromRoastify({ signed: 'another', body }), thorough).problems.filter(
      ({ code }) => code === 'SIGNATURE_MISMATCH',
    );
    expect(problem?.unsearched).toMatch(/^a body of 85.8 MB is not searched for rewriting, and of the other/);
    expect(likelyOf(fromRoastify({ key: bare, body }), thorough)?.code).toBe('SECRET_NOT_DECODED');
    const ended = fromRoastify({ signed: body.subarray(0, 5_000_000), body: `${'x'.repeat(5_000_000)}\n` });
    expect(likelyOf(ended, thorough)?.code).toBe('BODY_TRAILING_NEWLINE');
  });

  it('adds a lost newline to what was rewritten', () => {
    const received = fromRoastify({ signed: `${indented(2)}\n`, body: compact });
    expect(likelyOf(received, thorough)?.code).toBe('BODY_PRETTY');
  });
});

describe('what no mistake explains has no explanation', () => {
  const wrong: [string, Received][] = [
    ['a wrong secret', fromRoastify({ key: Buffer.alloc(24, 1) })],
    ['a wrong secret of Rose Rocket', fromRoseRocket({ key: 'guess' })],
    ['a tampered body', fromRoastify({ signed: roastifyBody, body: roastifyBody.replace('12345', '99999') })],
    [
      'a tampered body of Rose Rocket',
      fromRoseRocket({ signed: roseRocketBody.replace('17', '18'), body: roseRocketBody }),
    ],
    ['a digest of chance', withHeader(fromRoastify(), 'svix-signature', `v1,${'A'.repeat(43)}=`)],
    ['an empty digest', withHeader(fromRoastify(), 'svix-signature', 'v1,')],
    ['words', withHeader(fromRoseRocket(), 'x-rose-rocket-signature', 'please')],
  ];

  it.each(wrong)('%s', (_, received) => {
    expect(judged(received, { witnesses }).valid).toBe(false);
    expect(likelyOf(received, { witnesses })).toBeUndefined();
    expect(likelyOf(received, { witnesses, thorough: true })).toBeUndefined();
  });

  it.each([
    ['that fits', fromRoastify()],
    ['that is absent', withHeader(fromRoastify(), 'svix-signature')],
    ['that is stale', fromRoastify({ timestamp: earlier.replace(/^1/, '0') })],
    ['that is ahead', fromRoastify({ timestamp: String(Number(second) + 3600) })],
  ])('a signature %s', (_, received) => {
    expect(likelyOf(received, { witnesses, thorough: true })).toBeUndefined();
  });

  it('random bodies and random secrets', () => {
    const keys = fc.uint8Array({ minLength: 24, maxLength: 32 });
    fc.assert(
      fc.property(fc.uint8Array(), keys, (body, key) => {
        expect(likelyOf(fromRoastify({ body, key }), { provider: roastify })).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});

describe('a search never throws and never hangs, whatever the body', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  const bodies: [string, string | Uint8Array][] = [
    ['empty', ''],
    ['no UTF-8', Uint8Array.of(0xff, 0xfe, 0x00, 0xc3)],
    ['10,000 levels', deep(10_000)],
    ['10,000 objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['only newlines before a letter', `${'\n'.repeat(60_000)}x`],
    ['only a byte order mark', '\ufeff'],
    ['a key that is __proto__', '{"__proto__":{"a":1}}'],
    ['the same key twice', '{"a":1,"a":2}'],
    ['a lone surrogate', '{"a":"\\ud800"}'],
  ];

  it.each(bodies)('%s', (_, body) => {
    const received = fromRoastify({ body, key: 'wrong' });
    expect(likelyOf(received, { provider: roastify })).toBeUndefined();
    expect(judged(fromRoastify({ body, key: bare }), { provider: roastify }).problems[0]?.code).toMatch(
      /BODY|SIGN|EVENT/,
    );
  });

  it('random bytes in every header', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(text, text, text, fc.uint8Array(), (id, timestamp, signature, body) => {
        const headers = [
          ['svix-id', id],
          ['svix-timestamp', timestamp],
          ['svix-signature', signature],
        ] as const;
        expect(judged(request(headers, body)).valid).toBe(false);
      }),
    );
  });
});

describe('a signature that stands elsewhere, or a time written otherwise', () => {
  const base: HmacRecord = {
    ...roseRocket.scheme.record!,
    names: { signature: 'sig' },
    value: '{signature}',
  };
  const key = 'k';
  const explained = (record: HmacRecord, signed: string, came: string, secret = key, clock = now) => {
    const provider = { ...roseRocket, scheme: hmac(record) };
    const made = provider.scheme.sign({ at: now, body: Buffer.from(signed), url: 'http://localhost/' }, [
      key,
    ]);
    const { pathname, search } = new URL(made.url ?? 'http://localhost/');
    const path = pathname + search;
    const body = record.in === 'body' ? came.replace('SIG', JSON.parse(String(made.body)).sig) : came;
    const received = { ...request([['host', 'localhost'], ...made.headers], body), path };
    const bench = { providers: [provider], provider, secretsOf: () => [secret], now: clock, thorough: true };
    return likelyOf(received, bench)?.code;
  };

  it('in the query', () => {
    expect(explained({ ...base, in: 'query' }, compact, indented(2))).toBe('BODY_COMPACT');
    expect(explained({ ...base, in: 'query' }, compact, compact, 'k\n')).toBe('SECRET_WHITESPACE');
  });

  it('in the body', () => {
    const came = indented(2).replace(/\n\}$/, ',\n  "sig": "SIG"\n}');
    expect(explained({ ...base, in: 'body' }, compact, came)).toBe('BODY_COMPACT');
  });

  it('over a hash of the body, and the address', () => {
    const record: HmacRecord = {
      ...base,
      over: '{url}{bodyhash}',
      bodyHash: { digest: 'md5', encoding: 'hex' },
    };
    expect(explained(record, compact, indented(2))).toBe('BODY_COMPACT');
  });

  it('a time in milliseconds is no mistake where it is due', () => {
    const names = { signature: 'sig', timestamp: 'time' };
    const tolerance = { seconds: 300, future: true };
    const record: HmacRecord = { ...base, names, over: '{timestamp}{body}', time: 'milliseconds', tolerance };
    expect(explained(record, compact, compact, key, now - 3_600_000)).toBeUndefined();
    expect(explained(record, compact, indented(2))).toBe('BODY_COMPACT');
  });
});
