import { describe, expect, it } from 'vitest';
import type { AttemptFact, Fact, ReceivedFact } from '../../src/core/facts.ts';
import { masked, maskFact, maskHeaders, maskUrl, secretPlaces } from '../../src/core/mask.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import type { Headers } from '../../src/core/types.ts';

it.each([
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '••••LaSw'],
  ['twelve-chars', '••••hars'],
  ['eleven-char', '••••'],
  ['', '••••'],
])('%s is shown as %s', (secret, shown) => expect(masked(secret)).toBe(shown));

describe('headers', () => {
  it.each([
    ['Authorization', 'Bearer abcdefghijklmnop', 'Bearer ••••mnop'],
    ['authorization', 'Basic dXNlcjpwYXNz', 'Basic ••••YXNz'],
    ['authorization', 'abcdefghijklmnop', '••••mnop'],
    ['Proxy-Authorization', 'Basic x', 'Basic ••••'],
    ['Cookie', 'session=abcdefgh', '••••efgh'],
    ['set-cookie', 'a=b', '••••'],
    ['X-Api-Key', '1234567890abcd', '••••abcd'],
    ['x-auth-token', '1234567890abcd', '••••abcd'],
    ['x-client-secret', 'abc', '••••'],
    ['svix-signature', 'v1,abc', 'v1,abc'],
    ['Signature', 'abc', 'abc'],
    ['content-type', 'application/json', 'application/json'],
    ['x-cookie-policy', 'none', 'none'],
  ])('%s: %s', (name, value, shown) => expect(maskHeaders([[name, value]])).toEqual([[name, shown]]));
});

describe('an address', () => {
  it.each([
    ['http://localhost:3000/hook', 'http://localhost:3000/hook'],
    ['http://user:hunter2@localhost/', 'http://••••@localhost/'],
    ['http://user:hun@ter2@localhost/', 'http://••••@localhost/'],
    ['user:hunter2@localhost:3000', '••••@localhost:3000'],
    ['/hook?token=abcdefghijklmnop&a=b', '/hook?token=••••mnop&a=b'],
    ['/hook?a=b&access_token=short', '/hook?a=b&access_token=••••'],
    ['/hook?KEY=1234567890ab', '/hook?KEY=••••90ab'],
    ['/hook?api_key=1=2&sig=x', '/hook?api_key=••••&sig=••••'],
    ['/hook?password=p?q=r', '/hook?password=••••'],
    ['/hook?token', '/hook?token'],
    ['/hook?monkey=banana', '/hook?monkey=banana'],
    ['/u/me@example.com?a=b', '/u/me@example.com?a=b'],
    ['/', '/'],
  ])('%s', (url, shown) => expect(maskUrl(url)).toBe(shown));
});

describe('a fact', () => {
  const hidden = ['authorization', 'Bearer hunter2hunter2!'] as const;
  const at = '2026-11-21T10:00:00.000Z';
  const attempt: AttemptFact = {
    kind: 'attempt',
    at,
    delivery: {
      provider: 'p',
      url: 'http://localhost/?token=hunter2hunter2!',
      headers: [hidden],
      body: '{}',
    },
    number: 1,
    answer: { status: 200, headers: [['set-cookie', 'hunter2hunter2!']], body: '', ms: 1 },
    accepted: true,
  };
  const received: ReceivedFact = {
    kind: 'received',
    at,
    received: { method: 'POST', path: '/?token=hunter2hunter2!', headers: [hidden], body: '{}' },
    verdict: { valid: true, signed: true, problems: [] },
  };

  it.each<[string, Fact]>([
    ['attempt', attempt],
    ['failed attempt', { ...attempt, answer: { failure: 'refused', detail: 'no', ms: 1 } }],
    ['received', received],
  ])('%s shows no credentials, and is left as it was', (_, fact) => {
    const before = JSON.stringify(fact);
    const shown = JSON.stringify(maskFact(fact));
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('••••');
    expect(JSON.stringify(fact)).toBe(before);
  });

  it('of another kind is itself', () => {
    const ready: Fact = { kind: 'ready', at, url: 'http://localhost:1/', pid: 1 };
    expect(maskFact(ready)).toBe(ready);
  });
});

it('masks the token of an address in a header', () => {
  const token = 'SUPERSECRETTOKEN12';
  expect(JSON.stringify(maskHeaders([['Location', `http://x/?token=${token}`]]))).not.toContain(token);
});

describe('what a provider sends as a secret', () => {
  const told = { basis: 'assumed', source: 'x' } as const;
  const places = secretPlaces(
    [
      { kind: 'token', in: 'header', name: 'X-Ident', ...told } as const,
      { kind: 'token', in: 'query', name: 'ident', ...told } as const,
      { use: 'github' } as const,
    ].map((data) => ({ scheme: schemeOf(data) })),
  );

  it('is masked whatever its name; a signature is not', () => {
    const headers: Headers = [
      ['x-ident', 'hunter2hunter2!'],
      ['X-Hub-Signature-256', 'sha256=ab'],
    ];
    expect(maskHeaders(headers, places)).toEqual([['x-ident', '••••er2!'], headers[1]]);
    expect(maskUrl('/in?a=b&%69dent=hunter2hunter2!', places)).toBe('/in?a=b&%69dent=••••er2!');
    expect(maskUrl('/in?identity=x', places)).toBe('/in?identity=x');
  });
});
