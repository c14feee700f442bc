import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCaptures } from '../../src/actions/captures.ts';
import { readCurl } from '../../src/core/curl.ts';
import { curlLine } from '../../src/core/request-text.ts';
import { UsageError } from '../../src/errors.ts';

const read = (text: string) => readCurl(Buffer.from(text));
const one = (text: string) => {
  const [{ received, url }, ...more] = read(text) as [ReturnType<typeof read>[number]];
  expect(more).toEqual([]);
  return { ...received, url, body: Buffer.from(received.body).toString() };
};
const headersOf = (text: string) => Object.fromEntries(one(text).headers);

describe('a curl command line', () => {
  it.each<[string, string, object]>([
    [
      'an address',
      'curl https://acme.test/in?a=b',
      { method: 'GET', path: '/in?a=b', url: 'https://acme.test/in?a=b', body: '' },
    ],
    ['one without a scheme', 'curl localhost:3000', { path: '/', url: 'http://localhost:3000/' }],
    ['data', 'curl -d \'{"a":1}\' http://a.test/', { method: 'POST', body: '{"a":1}' }],
    ['a method', 'curl -X PUT --url http://a.test/ --data-raw x', { method: 'PUT', body: 'x' }],
    ['options in one word', 'curl -sSXPATCH http://a.test/ -dx', { method: 'PATCH', body: 'x' }],
    [
      'continued lines',
      "curl 'http://a.test/x' \\\n  -H 'A: b' \\\r\n  --data-binary 'y' --compressed",
      { path: '/x', body: 'y' },
    ],
    ['several data', 'curl http://a.test -d a=1 -d b=2', { body: 'a=1&b=2' }],
    ['--json', 'curl http://a.test --json \'{"a":\' --json 1}', { method: 'POST', body: '{"a":1}' }],
    ['-G', 'curl -G http://a.test/q?x=1 -d a=1 -d b=2', { method: 'GET', path: '/q?x=1&a=1&b=2', body: '' }],
    ['a prompt', '$ curl http://a.test/ -d x', { body: 'x' }],
    [
      'escapes',
      "curl http://a.test/ --data-raw $'a\\n\\x41\\102\\u00fc\\\\\\'\\ud83d\\ude00'",
      { body: "a\nAB\u00fc\\'😀" },
    ],
    ['double quotes', 'curl http://a.test/ --data-raw "a\\"b\\$c\\\\d \\n"', { body: 'a"b$c\\d \\n' }],
    ['words side by side', 'curl http://a.test/ --data-raw a\'b\'"c"\\ d', { body: 'abc d' }],
    ['text beyond ASCII', "curl http://a.test/ --data-raw 'ü€😀'", { body: 'ü€😀' }],
    ['an @ in raw data', 'curl http://a.test/ --data-raw @x', { body: '@x' }],
    ['an & in an address in quotes', "curl 'http://a.test/?a=1&b=2'", { path: '/?a=1&b=2' }],
  ])('%s', (_name, text, expected) => {
    expect(one(text)).toMatchObject(expected);
  });

  it('takes credentials of the address as their bytes', () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(headersOf('curl http://zo%C3%AB:p%3Aw@a.test/')).toMatchObject({
      Authorization: basic('zoë:p:w'),
    });
    expect(headersOf('curl http://a%:b@a.test/')).toMatchObject({ Authorization: basic('a%:b') });
    expect(headersOf('curl http://a:b@a.test/ -u c:d')).toMatchObject({ Authorization: basic('c:d') });
  });

  it('has the headers that curl adds, unless they are given or taken away', () => {
    expect(headersOf('curl http://a.test:81/ -d x')).toEqual({
      Host: 'a.test:81',
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(headersOf("curl http://a.test/ --json 1 -H 'host: b.test' -H 'X-Empty;'")).toEqual({
      'Content-Type': 'application/json',
      host: 'b.test',
      'X-Empty': '',
    });
    expect(headersOf("curl http://a.test/ -d x -H 'Content-Type:'")).toEqual({ Host: 'a.test' });
    expect(headersOf('curl http://a.test/ -u ada:pw -A me')).toMatchObject({
      Authorization: 'Basic YWRhOnB3',
      'User-Agent': 'me',
    });
    expect(headersOf('curl http://ada:p%40@a.test/')).toMatchObject({
      Host: 'a.test',
      Authorization: 'Basic YWRhOnBA',
    });
  });

  it('may be one of several', () => {
    expect(
      read("curl http://a.test/1 -d x\ncurl http://a.test/2 -d y; curl 'http://a.test/3'\n").map(
        ({ url }) => url,
      ),
    ).toEqual(['http://a.test/1', 'http://a.test/2', 'http://a.test/3']);
  });

  it('may stand among comments, as bash has them', () => {
    const text =
      "#!/bin/bash\n# it's the first\ncurl http://a.test/1#x -d x#y # and 'so on\n\n  #\n#curl http://b.test/\ncurl http://a.test/2 \\\n -d ''#z\n# end";
    expect(read(text).map(({ url, received }) => [url, Buffer.from(received.body).toString()])).toEqual([
      ['http://a.test/1', 'x#y'],
      ['http://a.test/2', '#z'],
    ]);
  });

  it.each([
    ['a body in a file', 'curl http://a.test/ -d @body.json', /from a file .*@body.json/],
    ['a body on stdin', 'curl http://a.test/ --data-binary @-', /from a file/],
    ['a form', 'curl http://a.test/ -F a=b', /-F, whose bytes/],
    ['a variable', 'curl http://a.test/ -d "$BODY"', /\$B within double quotes/],
    ['a variable outside', 'curl $URL', /a shell would replace/],
    ['a command', 'curl http://a.test/ -d "`date`"', /` within/],
    ['a pipe', 'curl http://a.test/ | jq', /a shell would/],
    ['a quote without an end', "curl 'http://a.test/", /quote that does not end/],
    ['a quote in the wrong place', "curl 'http://a.test/ -H 'x", /address with white space .*a\.test\/ -H x/],
    ['an unknown option', 'curl --frobnicate http://a.test/', /--frobnicate, which is not understood/],
    ['no value', 'curl http://a.test/ -H', /ends behind --header/],
    ['no address', 'curl -d x', /no address/],
    ['another program', 'curl http://a.test/; rm -r x', /begins with "rm"/],
    ['what feeds curl', "printf -- 'x' | curl http://a.test/ --data-binary @-", /a shell would/],
  ])('is refused with %s', (_name, text, words) => {
    expect(() => read(text)).toThrow(words);
    expect(() => read(text)).toThrow(UsageError);
  });

  it('is read back as we print it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 60 }), (value, bytes) => {
        const headerValue = value.replace(/[^\x20-\x7e]/g, '');
        const body = Buffer.from(bytes.filter((byte) => byte !== 0));
        const line = curlLine({
          url: 'http://a.test/in?x=[1]',
          headers: [
            ['X-A', `v${headerValue}`.trim()],
            ['Content-Type', 'text/plain'],
          ],
          body,
        });
        const [{ received }] = readCurl(Buffer.from(line, 'latin1')) as [ReturnType<typeof read>[number]];
        expect([received.method, received.path, Buffer.from(received.body)]).toEqual([
          'POST',
          '/in?x=[1]',
          body,
        ]);
        expect(received.headers).toEqual([
          ['Host', 'a.test'],
          ['X-A', `v${headerValue}`.trim()],
          ['Content-Type', 'text/plain'],
        ]);
      }),
    );
  });

  it.skipIf(process.platform === 'win32')('has the words that bash makes of it', () => {
    for (const word of [`a'b c'"d\\"e"$'\\t\\x41'\\ f`, `'it'"'"'s'`, `$'\\u20ac\\\\'`, `"a\\\nb"`]) {
      const ours = one(`curl http://a.test/ --data-raw ${word}`).body;
      const theirs = execFileSync('bash', ['-c', `printf %s ${word}`], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      expect(ours).toBe(theirs);
    }
  });

  it('is a capture', async () => {
    const pieces = async function* () {
      yield Buffer.from(' \n$ cu');
      yield Buffer.from('rl https://a.test/ -d x');
    };
    const found = [];
    for await (const each of readCaptures(pieces())) found.push(each);
    expect(found).toMatchObject([
      { capture: { came: true, url: 'https://a.test/', received: { path: '/' } } },
    ]);
  });
});
