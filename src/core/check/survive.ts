import { gzipSync } from 'node:zlib';
import { afterwards } from './accept/genuine.ts';
import { withField } from './bodies.ts';
import { links } from './links.ts';
import type { Rule } from './rule.ts';
import { survives } from './survive/odd.ts';

const depth = 10_000;
const nested = (open: string, core: string, close: string): string =>
  open.repeat(depth) + core + close.repeat(depth);
const bytes = (text: string): Uint8Array => Buffer.from(text);
const insideName = (text: string, inserted: Uint8Array): Uint8Array =>
  Buffer.concat([bytes(`${text.slice(0, -1)},"hooks_check":"`), inserted, bytes('"}')]);

export const surviveRules: readonly Rule[] = [
  survives({
    id: 'not-json',
    title: 'survives what is not JSON',
    why: 'Scanners post forms and nonsense to every address. A parser whose error nobody catches answers 500, or takes the whole program down.',
    link: links.cweException,
    sends: 'a body that is no JSON, and one that breaks off in the middle',
    remedy: 'catch the error of the parser, and answer 400',
    oddities: [
      { label: 'hello', edit: () => 'hello' },
      { label: 'half of the JSON', edit: (text) => text.slice(0, text.length / 2) },
    ],
  }),
  survives({
    id: 'empty-body',
    title: 'survives an empty body',
    why: 'Health checks and broken proxies send nothing. Many body parsers then give no object at all, and the next line reads a property of it.',
    link: links.cweException,
    sends: 'no body',
    remedy: 'answer 400 to an empty body',
    oddities: [{ label: 'no body', edit: () => '' }],
  }),
  survives({
    id: 'json-scalar',
    title: 'survives JSON that is no object',
    why: 'null, a number and a list are JSON too. A handler that reads body.type of null throws.',
    link: links.json,
    sends: 'null, a number, a text, a list',
    remedy: 'ask for an object before you read a property',
    oddities: ['null', '1', '"x"', '[]'].map((body) => ({ label: body, edit: () => body })),
  }),
  survives({
    id: 'deep-nesting',
    title: 'survives JSON nested 10,000 deep',
    why: 'A recursive walk over what came ends in a stack overflow. Forty kilobytes are enough for that.',
    link: links.cweRecursion,
    sends: 'JSON nested 10,000 deep',
    remedy: 'check the signature before the body is parsed; limit the depth, or walk without recursion',
    oddities: [
      { label: 'lists', edit: () => nested('[', '', ']') },
      {
        label: 'objects in a field',
        edit: (text) => withField(text, 'hooks_check', nested('{"a":', '1', '}')),
      },
    ],
  }),
  survives({
    id: 'proto-pollution',
    title: 'survives __proto__ and constructor',
    why: 'A merge of what came into an object of one’s own can change every object there is. The next, genuine delivery then meets strange defaults.',
    link: links.cwePollution,
    sends: 'a body with the keys __proto__ and constructor',
    remedy: 'copy only the keys you know; Object.hasOwn() instead of in',
    oddities: [
      {
        label: '__proto__',
        edit: (text) =>
          withField(
            text,
            '__proto__',
            '{"polluted":true,"toString":null,"admin":true,"length":-1,"status":500}',
          ),
      },
      {
        label: 'constructor',
        edit: (text) => withField(text, 'constructor', '{"prototype":{"polluted":true,"status":500}}'),
      },
    ],
  }),
  survives({
    id: 'duplicate-keys',
    title: 'survives doubled keys',
    why: 'JSON may name a key twice, and parsers differ in which one counts. Two parts of a system may then see two different bodies under one signature.',
    link: links.json,
    sends: 'a body that has a key twice',
    remedy: 'parse once, and hand on what you parsed',
    oddities: [
      {
        label: 'a key twice',
        edit: (text) => withField(withField(text, 'hooks_check', '1'), 'hooks_check', '2'),
      },
    ],
  }),
  survives({
    id: 'invalid-utf8',
    title: 'survives bytes that are not UTF-8',
    why: 'A decoder in strict mode throws, one that is not replaces the bytes. A check over the replaced text is no longer one of what came.',
    link: links.json,
    sends: 'a body with bytes that are not UTF-8',
    remedy: 'verify bytes, and answer 400 to what cannot be decoded',
    oddities: [
      { label: 'in a text', edit: (text) => insideName(text, Buffer.from([0xc3, 0x28, 0xff])) },
      { label: 'alone', edit: () => Buffer.from([0xff, 0xfe, 0x00, 0x80]) },
    ],
  }),
  survives({
    id: 'bom',
    title: 'survives a byte order mark',
    why: 'Some writers of JSON begin with one, and most parsers refuse it. It must not end in a 500.',
    link: links.json,
    sends: 'a body that begins with a byte order mark',
    remedy: 'catch the error of the parser, and answer 400; or strip the mark after the check',
    oddities: [{ label: 'a byte order mark', edit: (text) => `\ufeff${text}` }],
  }),
  survives({
    id: 'nul-bytes',
    title: 'survives NUL',
    why: 'A text with NUL is fine in JSON and in most languages, and PostgreSQL refuses it. The error comes late, where nobody expects it.',
    link: links.json,
    sends: 'a body with an escaped NUL in a text, and one with a bare NUL byte',
    remedy: 'catch the error of the parser and of the database, and answer 400',
    oddities: [
      { label: 'escaped', edit: (text) => withField(text, 'hooks_check', '"a\\u0000b"') },
      { label: 'bare', edit: (text) => insideName(text, Buffer.from([0])) },
    ],
  }),
  survives({
    id: 'huge-header',
    title: 'survives a header of 16 kB',
    why: 'Servers limit headers, and end the connection in different ways. The program must not go with it.',
    link: links.http,
    sends: 'a header of 16 kB',
    remedy: 'leave it to the server: 431 is right',
    mayClose: true,
    oddities: [{ label: 'a header of 16 kB', extra: [['x-hooks-check', 'x'.repeat(16 * 1024)]] }],
  }),
  survives({
    id: 'truncated-body',
    title: 'survives a body that breaks off',
    why: 'Connections end half-way. Whoever waits for the rest for ever, or handles the half, loses memory or data.',
    link: links.framing,
    sends: 'half of a body, after which the connection closes',
    remedy: 'handle a body when it is whole, and listen to the error of the stream',
    mayClose: true,
    oddities: [{ label: 'half of the body', change: (message) => ({ ...message, pace: 'cut' }) }],
  }),
  survives({
    id: 'get',
    title: 'survives GET',
    why: 'Browsers, crawlers and health checks ask for every address. A handler that reads a body that is not there throws.',
    link: links.http,
    sends: 'a GET',
    remedy: 'answer 405, or a page',
    open: true,
    oddities: [
      {
        label: 'GET',
        edit: () => '',
        change: (message) => ({ ...message, method: 'GET' }),
      },
    ],
  }),
  survives({
    id: 'wrong-content-type',
    title: 'survives another content type',
    why: 'Body parsers that look at the type leave the body unread when it is another. What comes then is undefined.',
    link: links.http,
    sends: 'a delivery as text/plain, as a form, and without a type',
    remedy: 'read the raw body whatever its type, or answer 415',
    oddities: [
      { label: 'text/plain', extra: [['content-type', 'text/plain']] },
      { label: 'a form', extra: [['content-type', 'application/x-www-form-urlencoded']] },
      {
        label: 'no type',
        change: (message) => ({
          ...message,
          headers: message.headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
        }),
      },
    ],
  }),
  survives({
    id: 'gzip-body',
    title: 'survives a compressed body',
    why: 'A body parser may unpack what says that it is compressed, before or after the check. It must neither fail nor fill the memory.',
    link: links.http,
    sends: 'a body compressed with gzip, and one that only says so',
    remedy: 'answer 415, or verify the bytes as they came and unpack with a limit',
    oddities: [
      { label: 'gzip', edit: (text) => gzipSync(text), extra: [['content-encoding', 'gzip']] },
      { label: 'not what it says', extra: [['content-encoding', 'gzip']] },
    ],
  }),
  survives({
    id: 'slow-body',
    title: 'survives a body that comes slowly',
    why: 'Networks are slow now and then. A receiver that handles one request after the other stands still for all of them.',
    link: links.cweResources,
    sends: 'a body in pieces, over half a second',
    remedy: 'read asynchronously; give each request its own time limit',
    turn: 'slow',
    oddities: [{ label: 'in pieces', change: (message) => ({ ...message, pace: 'slow' }) }],
  }),
  {
    id: 'alive',
    group: 'survive',
    level: 'MUST',
    title: 'is still there at the end',
    why: 'What was sent before may have left something behind: a full pool, a lock, a changed prototype, a worker that ended. A delivery must be taken as it was at the start.',
    link: links.standard,
    sends: 'a genuine delivery, after everything else',
    expects: 'success; where effects can be seen, an effect as at the start',
    remedy: 'look into the receiver’s log for what happened before',
    turn: 'last',
    effect: 'own',
    trials: (kit) => [afterwards(kit)],
  },
];
