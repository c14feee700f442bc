import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { none } from '../../src/core/scheme.ts';
import {
  guardRemote,
  guardSecret,
  isLoopback,
  parseTarget,
  pathAt,
  resolveUrl,
} from '../../src/core/target.ts';
import { UsageError } from '../../src/errors.ts';
import { roastify } from '../helpers/deliveries.ts';

describe('a target', () => {
  it.each([
    ['localhost', 'http://localhost:4665/'],
    ['localhost/hook?a=b', 'http://localhost:4665/hook?a=b'],
    ['LOCALHOST', 'http://localhost:4665/'],
    ['127.0.0.1', 'http://127.0.0.1:4665/'],
    ['[::1]', 'http://[::1]:4665/'],
    ['shop.localhost', 'http://shop.localhost:4665/'],
    ['3000', 'http://localhost:3000/'],
    [':3000', 'http://localhost:3000/'],
    ['3000/hook', 'http://localhost:3000/hook'],
    [':3000?token=x', 'http://localhost:3000/?token=x'],
    ['localhost:3000', 'http://localhost:3000/'],
    ['localhost:3000/webhooks?token=x', 'http://localhost:3000/webhooks?token=x'],
    ['localhost:80', 'http://localhost/'],
    ['[::1]:3000/a', 'http://[::1]:3000/a'],
    ['web:3000', 'http://web:3000/'],
    ['example.com:80', 'http://example.com/'],
    ['http://localhost', 'http://localhost/'],
    ['HTTPS://example.com/hook', 'https://example.com/hook'],
    ['https://example.com:8443/hook?a=b%20c', 'https://example.com:8443/hook?a=b%20c'],
    ['http://localhost:3000/hook#part', 'http://localhost:3000/hook'],
    ['http://localhost:3000/a?b[c]={d}', 'http://localhost:3000/a?b[c]={d}'],
    ['http://127.1:3000/', 'http://127.0.0.1:3000/'],
  ])('%s → %s', (text, url) => expect(parseTarget(text).url.href).toBe(url));

  it.each([
    ['user:pass@localhost:3000', 'http://localhost:3000/', 'user:pass'],
    ['http://user:pass@localhost:3000/', 'http://localhost:3000/', 'user:pass'],
    ['user@localhost', 'http://localhost:4665/', 'user:'],
    ['http://:pass@localhost/', 'http://localhost/', ':pass'],
    ['http://us%40er:p%3Ass@localhost/', 'http://localhost/', 'us@er:p:ss'],
    ['http://üser:pä%C3%9F@localhost/', 'http://localhost/', 'üser:päß'],
    ['http://u:100%@localhost/', 'http://localhost/', 'u:100%'],
  ])('%s: userinfo becomes a header', (text, href, credentials) => {
    const { url, headers } = parseTarget(text);
    expect(url.href).toBe(href);
    expect(headers).toEqual([['authorization', `Basic ${Buffer.from(credentials).toString('base64')}`]]);
  });

  it('has no header otherwise', () => expect(parseTarget('3000').headers).toEqual([]));

  it.each([
    ['65535', 'http://localhost:65535/'],
    ['1', 'http://localhost:1/'],
  ])('takes port %s', (text, url) => expect(parseTarget(text).url.href).toBe(url));

  it.each([
    ['65536', /port 65536 is above 65535/],
    [':99999/x', /port 99999 is above 65535/],
    ['http://localhost:70000/', /port 70000 is above 65535/],
    ['0', /port 0/],
    ['localhost:0', /port 0/],
    ['-1', /not a target/],
    ['', /names no host/],
    [' ', /names no host/],
    ['/hook', /names no host/],
    ['?a', /names no host/],
    ['example.com', /remote host needs its port/],
    ['example.com/hook', /remote host needs its port/],
    ['ftp://localhost/', /only http and https/],
    ['file:///etc/passwd', /only http and https/],
    ['http://', /does not parse/],
    ['http://a b/', /does not parse/],
    ['localhost:port', /does not parse/],
  ])('"%s" is refused: %s', (text, message) => {
    expect(() => parseTarget(text)).toThrow(UsageError);
    expect(() => parseTarget(text)).toThrow(message);
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/localhost:3000/) }),
    );
  });

  it.each([
    'http://user:hunter2@host:99999/',
    'user:hunter2@example.com',
    'http://user:hun@hunter2@:1/',
    'ftp://user:hunter2@host/',
    'example.com/?token=hunter2hunter2',
  ])('a refusal tells no credentials: %s', (text) => {
    expect(() => parseTarget(text)).toThrow(UsageError);
    expect(() => parseTarget(text)).not.toThrow(/hunter2.*hunter2|:hunter2|@hunter2/);
  });

  it.each([
    ['localhost', true, false],
    ['3000', false, false],
    ['3000/', false, false],
    ['localhost/hook', true, true],
    ['3000?token=x', false, true],
    ['http://localhost:4665/hook', false, true],
  ])('%s: the default port %s, a path of its own %s', (text, defaulted, hasPath) => {
    expect(parseTarget(text)).toMatchObject({ defaulted, hasPath });
  });
});

describe('a host', () => {
  it.each([
    ['localhost', true],
    ['LocalHost', true],
    ['localhost.', true],
    ['a.b.localhost', true],
    ['127.0.0.1', true],
    ['127.255.3.4', true],
    ['[::1]', true],
    ['localhost.example.com', false],
    ['notlocalhost', false],
    ['127.0.0.1.nip.io', false],
    ['128.0.0.1', false],
    ['0.0.0.0', false],
    ['[::]', false],
    ['[::ffff:7f00:1]', false],
    ['10.0.0.1', false],
    ['host.docker.internal', false],
  ])('%s is this machine: %s', (host, local) => {
    expect(isLoopback(host)).toBe(local);
    expect(parseTarget(`http://${host}:3000/`).local).toBe(local);
  });

  it.each(['http://0x7f000001/', 'http://2130706433/', 'http://0177.0.0.1/'])(
    '%s is this machine, however it is written',
    (text) => expect(parseTarget(text).local).toBe(true),
  );

  const remote = parseTarget('https://Example.com/hook');
  it.each([
    ['this machine', parseTarget('3000'), false, []],
    ['one allowed this once', remote, true, []],
    ['one allowed for good', remote, false, ['web', 'EXAMPLE.COM']],
  ])('lets through %s', (_, target, allowed, hosts) => {
    expect(() => guardRemote(target, allowed, hosts)).not.toThrow();
  });

  it.each([[[]], [['example.org']], [['example']], [['.com']]])(
    'refuses a remote one; allowed are %j',
    (hosts) => {
      expect(() => guardRemote(remote, false, hosts)).toThrow(UsageError);
      expect(() => guardRemote(remote, false, hosts)).toThrow(
        expect.objectContaining({
          hint: expect.stringMatching(/--allow-remote.*HOOKS_ALLOW_HOSTS=example\.com/),
        }),
      );
    },
  );
});

describe('a path at a target', () => {
  const bare = parseTarget('localhost:3000');
  it.each([
    ['localhost:3000', '/a?b', '/a?b'],
    ['localhost:3000/own?x', '/a?b', '/own?x'],
    ['localhost:3000?x', '/a', '/?x'],
    ['3000', '//evil.example/a', '//evil.example/a'],
    ['3000', 'http://evil.example/a', '/a'],
    ['3000', 'HTTPS://evil.example:1?b', '/?b'],
    ['3000', '*', '/'],
    ['3000', '', '/'],
  ])('of %s for %j is %s', (target, path, expected) => {
    expect(pathAt(parseTarget(target), path)).toBe(expected);
  });

  const paths = fc.oneof(
    fc.string(),
    fc.webUrl({ withQueryParameters: true }),
    fc.webPath().map((path) => `//evil.example${path}`),
    fc.string().map((text) => `http:${text}`),
  );
  it('is never at another host', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const url = new URL(bare.url.origin + pathAt(bare, path));
        expect([url.origin, url.username]).toEqual(['http://localhost:3000', '']);
      }),
    );
  });
});

describe('the address of a request', () => {
  it.each([
    ['3000', '/in?a=b', 'http://localhost:3000/in?a=b'],
    ['3000/', '/', 'http://localhost:3000/'],
    ['3000/hook', '/in?a=b', 'http://localhost:3000/hook'],
    ['3000?token=x', '/in', 'http://localhost:3000/?token=x'],
    ['https://example.com', '/in', 'https://example.com/in'],
    ['3000', '//evil/in', 'http://localhost:3000//evil/in'],
    ['3000', 'http://evil:1/in?a=b', 'http://localhost:3000/in?a=b'],
    ['3000', 'http://evil', 'http://localhost:3000/'],
    ['3000', 'https://user@evil?a', 'http://localhost:3000/?a'],
    ['3000', '@evil/', 'http://localhost:3000/@evil/'],
    ['3000', ':80/', 'http://localhost:3000/:80/'],
    ['3000', '.evil/', 'http://localhost:3000/.evil/'],
    ['3000', '\\\\evil\\in', 'http://localhost:3000///evil/in'],
    ['3000', '/a#b', 'http://localhost:3000/a'],
    ['3000', '*', 'http://localhost:3000/'],
    ['3000', '', 'http://localhost:3000/'],
    ['3000', '?a=b', 'http://localhost:3000/?a=b'],
    ['3000', '/%zz/ž', 'http://localhost:3000/%zz/%C5%BE'],
  ])('at %s for %j is %s', (target, path, expected) => {
    expect(resolveUrl(parseTarget(target), path)).toBe(expected);
  });

  it('has scheme, host and port of the target, whatever came', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('/', '//', '\\', '@', ':', '?', '#', 'http:', 'https://evil', '..', '*', '\t', '\n'),
    );
    const target = fc.constantFrom('3000', 'https://example.com:8443', '[::1]:3000', '3000/own?a=b');
    fc.assert(
      fc.property(target, fc.array(part, { maxLength: 6 }), (text, parts) => {
        const { url } = parseTarget(text);
        const resolved = new URL(resolveUrl(parseTarget(text), parts.join('')));
        expect([resolved.origin, resolved.username, resolved.password, resolved.hash]).toEqual([
          url.origin,
          '',
          '',
          '',
        ]);
      }),
    );
  });
});

describe('the public example secret', () => {
  const guarded = (to: string, example: boolean, provider = roastify) =>
    guardSecret(provider, parseTarget(to), example, 'the hint');

  it('is not used towards a remote host', () => {
    expect(() => guarded('https://example.com', true)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('example.com'), hint: 'the hint' }),
    );
  });

  it.each<[string, () => void]>([
    ['this machine', () => guarded('3000', true)],
    ['a secret that was given', () => guarded('https://example.com', false)],
    [
      'a provider that does not sign',
      () => guarded('https://example.com', true, { ...roastify, scheme: none('assumed', 'a test') }),
    ],
  ])('%s passes', (_, guard) => expect(guard).not.toThrow());
});
