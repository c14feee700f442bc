import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { schemeOf } from '../../src/core/schemes.ts';
import { inferLine, signatureIn } from '../../src/core/stranger.ts';
import type { Headers } from '../../src/core/types.ts';
import { found, json, judged, request, roseRocket, roseRocketBody } from '../helpers/deliveries.ts';

const hex = createHmac('sha256', 'x').update('y').digest('hex');
const base64 = Buffer.from(hex, 'hex').toString('base64');

/** What every request of a client through a proxy has, and no signature is. */
const ordinary: Headers = [
  json,
  ['host', 'localhost:4665'],
  ['user-agent', 'node'],
  ['content-length', '7'],
  ['content-md5', 'Q2hlY2sgSW50ZWdyaXR5IQ=='],
  ['digest', `SHA-256=${base64}`],
  ['content-digest', `sha-256=:${base64}:`],
  ['etag', `"${hex}"`],
  ['cookie', `session=${hex}`],
  ['authorization', `Bearer ${hex}`],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['x-request-id', '3f2504e04f8941d39a0c0305e82c3301'],
  ['x-acme-delivery-id', hex],
  ['x-signature-timestamp', '1763719200'],
  ['x-acme-signature-version', '1'],
  ['x-design', 'new'],
  ['x-designator', 'a'],
];

const at = (headers: Headers, path = '/', value = {}) =>
  signatureIn({ headers: [...ordinary, ...headers], path }, value);

describe('where a signature seems to stand', () => {
  it('is nowhere in what every request has', () => {
    expect(at([], '/?page=2&id=3f2504e04f8941d39a0c0305e82c3301', { design: hex, id: 'x' })).toBeUndefined();
  });

  it.each([
    ['X-Acme-Signature', hex],
    ['X-Acme-Signature', 'short'],
    ['X-Acme-Hmac-Sha256', base64],
    ['Acme-Webhook-Signature', `t=1763719200,v1=${hex}`],
    ['X-Hub-Signature-256', `sha256=${hex}`],
    ['x-acme-sign', hex.toUpperCase()],
    ['x-content-digest-acme', hex],
    ['X-Sig', 'abc'],
    ['X-Check', hex],
    ['X-Check', `v1,${base64}`],
    ['X-Check', Buffer.from(hex).subarray(0, 20).toString('base64')],
  ])('is the header %s: %s', (name, value) => {
    expect(at([[name, value]])).toEqual({ in: 'header', name });
  });

  it('is a parameter of the query, or a field of the body where name and value say so', () => {
    expect(at([], `/in?sig=${hex}`)).toEqual({ in: 'query', name: 'sig' });
    expect(at([], `/in?check=${encodeURIComponent(base64)}`)).toEqual({ in: 'query', name: 'check' });
    expect(at([], '/', { signature: hex })).toEqual({ in: 'body', name: 'signature' });
    expect(at([], '/', { signature: 'Ada Lovelace', check: hex })).toBeUndefined();
  });

  it('is the likeliest of several', () => {
    const headers: Headers = [
      ['x-check', hex],
      ['x-signature', 'none'],
      ['x-acme-hmac', hex],
    ];
    expect(at(headers)).toEqual({ in: 'header', name: 'x-acme-hmac' });
    expect(at(headers.slice(0, 2), '/', { signature: hex })).toEqual({ in: 'body', name: 'signature' });
    expect(at(headers.slice(0, 2))).toEqual({ in: 'header', name: 'x-signature' });
  });

  it('is what an asymmetric key makes, too', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signature = createSign('sha256').update('x').sign(privateKey, 'base64');
    expect(at([['X-Acme-Signature', signature]])).toEqual({ in: 'header', name: 'X-Acme-Signature' });
  });
});

describe('the line that finds its scheme', () => {
  it.each([
    [['a.jsonl', 'acme', []], 'hooks infer a.jsonl --provider acme'],
    [['a.jsonl', undefined, ['--secret-file', 's.txt']], 'hooks infer a.jsonl --secret-file s.txt'],
    [['it’s a file', undefined, []], "hooks infer 'it’s a file'"],
    [["it's", 'acme', []], "hooks infer 'it'\\''s' --provider acme"],
    [['-a.jsonl', undefined, []], 'hooks infer ./-a.jsonl'],
  ] as const)('%j', ([file, name, options], expected) => {
    expect(inferLine(file, name, options)).toBe(expected);
  });
});

describe('a verdict on a signature that is not known', () => {
  const delivery = (headers: Headers, body = roseRocketBody) => request([json, ...headers], body);
  const one = ['X-RR-Signature', hex] as const;
  const carrier = { in: 'header', name: 'X-RR-Signature' };

  it('names it where another one is missing', () => {
    const [problem] = judged(delivery([one]), { learning: { file: 'a b.jsonl' } }).problems;
    expect(problem).toEqual({
      code: 'SIGNATURE_MISSING',
      severity: 'warning',
      basis: 'assumed',
      message:
        'there is no X-Rose-Rocket-Signature header; the X-RR-Signature header looks like a signature of another scheme',
      carrier,
      remedy:
        "put the secret into secret.txt, then: hooks infer 'a b.jsonl' --provider rose-rocket --secret-file secret.txt",
    });
  });

  it('names it where nobody is known, and calls him by it', () => {
    const verdict = judged(delivery([['X-Acme-Shop-Signature', hex]], '{"a":1}'));
    expect(verdict.problems[0]).toMatchObject({
      code: 'PROVIDER_UNKNOWN',
      message: expect.stringMatching(/; the X-Acme-Shop-Signature header looks like a signature/),
      remedy: expect.stringMatching(
        /^record what comes \(hooks listen --record deliveries\.jsonl\).* --provider acme-shop --secret-file/,
      ),
    });
  });

  it('takes none for unknown that a provider here has', () => {
    const both = delivery(
      [
        ['svix-signature', 'v1,x'],
        ['signature', hex],
      ],
      '{"a":1}',
    );
    expect(judged(both).problems[0]).not.toHaveProperty('carrier');
  });

  it('says how the secret that is at hand is given', () => {
    const secretOptions = (name?: string) => (name === 'rose-rocket' ? ['--secret-file', 's'] : undefined);
    const learning = { file: 'a.jsonl', secretOptions };
    expect(judged(delivery([one]), { learning }).problems[0]?.remedy).toBe(
      'hooks infer a.jsonl --provider rose-rocket --secret-file s',
    );
  });

  it('is a warning where it is assumed that nothing is signed, and none where that is documented', () => {
    const unsigned = (basis: 'assumed' | 'documented') => ({
      ...roseRocket,
      scheme: schemeOf({ kind: 'none', basis, source: 'x' }),
    });
    const strange = (headers: Headers, basis: 'assumed' | 'documented') =>
      judged(delivery(headers), { provider: unsigned(basis) });
    expect(found(strange([one], 'assumed'))).toContain('warning SIGNATURE_UNKNOWN');
    expect(strange([one], 'assumed').problems[0]).toMatchObject({ carrier, basis: 'assumed' });
    expect(found(strange([one], 'documented'))).not.toContain('warning SIGNATURE_UNKNOWN');
    expect(found(strange([['X-Check', hex]], 'assumed'))).not.toContain('warning SIGNATURE_UNKNOWN');
  });
});
