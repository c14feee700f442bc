import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../src/core/codes.ts';
import type { Bench } from '../../src/core/judge.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import type { Headers, Received } from '../../src/core/types.ts';
import { providers } from '../../src/providers/index.ts';
import {
  found,
  fromRoastify,
  fromRoseRocket,
  json,
  judged,
  now,
  provider,
  request,
  roastify,
  roastifyBody,
  roseRocket,
  roseRocketBody,
  second,
  shoprocket,
  withHeader,
} from '../helpers/deliveries.ts';

const ago = (seconds: number) => String(Number(second) - seconds);
const unsigned = (body: string | Uint8Array) => request([json], body);

/** Shoprocket's documented order, a field of it changed. */
const shopOrder = readFileSync(
  new URL('../../fixtures/shoprocket/order.created.json', import.meta.url),
  'utf8',
);
const fromShoprocket = (body: string | Uint8Array): Received => {
  const signature = createHmac('sha256', shoprocket.exampleSecret).update(body).digest('hex');
  return request([json, ['Signature', signature]], body);
};

describe('whose delivery it is', () => {
  const roastifyHeader = ['svix-signature', 'v1,x'] as const;
  const roseHeader = ['X-Rose-Rocket-Signature', 'sha256=x'] as const;
  const shopHeader = ['SIGNATURE', 'x'] as const;
  const shared = '{"event":"order.created","type":"order.created"}';

  it.each<[string, Headers, string, string | undefined]>([
    ['a signature header', [roastifyHeader], '{}', 'roastify'],
    ['a white-label signature header', [['Webhook-Signature', 'v1,x']], '{}', 'roastify'],
    ['a signature header in another case', [shopHeader], '{}', 'shoprocket'],
    ['a signature header, whatever the event', [roseHeader], '{"type":"order.created"}', 'rose-rocket'],
    ['the event name', [], roseRocketBody, 'rose-rocket'],
    ['the event name, of another', [], roastifyBody, 'roastify'],
    ['two signature headers, by the event name', [roastifyHeader, roseHeader], roastifyBody, 'roastify'],
    ['two signature headers and no known event', [roastifyHeader, roseHeader], '{}', undefined],
    ['an event name that two could have sent', [], shared, undefined],
    ['an event name at another provider’s place', [], '{"type":"fulfillment.created"}', undefined],
    ['a name that every object has', [], '{"event":"constructor"}', undefined],
    ['an event name that is no text', [], '{"event":["order.created"]}', undefined],
    ['nothing known', [], '{"a":1}', undefined],
    ['no object', [], '"order.created"', undefined],
  ])('%s', (_, headers, body, expected) => {
    const verdict = judged(request([json, ...headers], body));
    expect(verdict.provider).toBe(expected);
    const unknown = verdict.problems.filter(({ code }) => code === 'PROVIDER_UNKNOWN');
    expect(unknown).toHaveLength(expected ? 0 : 1);
    if (!expected) expect(verdict).toMatchObject({ valid: false, signed: false });
  });

  it('is told where it is ambiguous: the candidates, and how to choose', () => {
    const [problem] = judged(unsigned(shared)).problems;
    expect(problem?.message).toMatch(/rose-rocket or shoprocket.*--provider/);
  });

  it('is not asked where it is fixed', () => {
    expect(judged(unsigned(roastifyBody), { provider: shoprocket }).provider).toBe('shoprocket');
  });
});

/** [what came, the delivery, what is found; the bench where it is not the usual] */
const cases: [string, Received, string[], Partial<Bench>?][] = [
  ['a valid delivery of Roastify', fromRoastify(), []],
  ['a valid delivery of Rose Rocket', fromRoseRocket(), []],
  ['a valid delivery of Shoprocket', fromShoprocket(shopOrder), []],
  ['no signature, scheme documented', unsigned(roastifyBody), ['error SIGNATURE_MISSING']],
  ['no signature, scheme assumed', unsigned(roseRocketBody), ['warning SIGNATURE_MISSING']],
  [
    'no signature, scheme assumed, too',
    unsigned(shopOrder),
    ['warning SIGNATURE_MISSING'],
    { provider: shoprocket },
  ],
  [
    'an unreadable signature',
    withHeader(fromRoastify(), 'svix-signature', 'v1a,x'),
    ['error SIGNATURE_MALFORMED'],
  ],
  [
    'an unreadable signature, scheme assumed',
    withHeader(fromRoseRocket(), 'x-rose-rocket-signature', ''),
    ['error SIGNATURE_MALFORMED'],
  ],
  [
    'a signature where none is declared, as we assume',
    request([json, ['x-signature', 'abc']], '{"type":"order.exploded"}'),
    ['warning SIGNATURE_UNKNOWN', 'warning EVENT_UNKNOWN'],
    { provider: provider('shoprocket-v3') },
  ],
  ['a wrong signature', fromRoastify({ key: 'wrong' }), ['error SIGNATURE_MISMATCH']],
  ['a wrong signature, scheme assumed', fromRoseRocket({ key: 'wrong' }), ['error SIGNATURE_MISMATCH']],
  ['no id', withHeader(fromRoastify(), 'svix-id'), ['error SIGNATURE_MISMATCH', 'error ID_MISSING']],
  [
    'no time',
    withHeader(fromRoastify(), 'svix-timestamp'),
    ['error SIGNATURE_MISMATCH', 'error TIMESTAMP_MISSING'],
  ],
  ['an unreadable time', fromRoastify({ timestamp: '2026-11-21' }), ['error TIMESTAMP_MALFORMED']],
  ['a time 300 s ago', fromRoastify({ timestamp: ago(300) }), []],
  ['a time 301 s ago', fromRoastify({ timestamp: ago(301) }), ['error TIMESTAMP_STALE']],
  ['a time 300 s ahead', fromRoastify({ timestamp: ago(-300) }), []],
  ['a time 301 s ahead', fromRoastify({ timestamp: ago(-301) }), ['error TIMESTAMP_FUTURE']],
  ['a delivery of nobody', unsigned('{}'), ['error PROVIDER_UNKNOWN']],
  ['no event name, its place documented', fromRoseRocket({ body: '{}' }), ['error EVENT_MISSING']],
  [
    'no event name, its place only observed',
    fromRoastify({ body: '{"orderId":"1"}' }),
    ['warning EVENT_MISSING'],
  ],
  ['an event name that is no text', fromRoseRocket({ body: '{"event":1}' }), ['error EVENT_MISSING']],
  ['an unknown event', fromRoseRocket({ body: '{"event":"order.exploded"}' }), ['warning EVENT_UNKNOWN']],
  [
    'an event with a name of every object',
    fromRoseRocket({ body: '{"event":"constructor"}' }),
    ['warning EVENT_UNKNOWN'],
  ],
  ['an event called __proto__', fromRoseRocket({ body: '{"event":"__proto__"}' }), ['warning EVENT_UNKNOWN']],
  ['an empty body', fromRoastify({ body: '' }), ['error BODY_EMPTY']],
  ['no JSON', fromRoastify({ body: '{"eventType":' }), ['error BODY_NOT_JSON']],
  ['a form', fromRoseRocket({ body: 'event=order.created' }), ['error BODY_NOT_JSON']],
  ['no UTF-8', fromRoastify({ body: Uint8Array.of(0x22, 0xff, 0x22) }), ['error BODY_NOT_JSON']],
  ['a byte order mark', fromRoastify({ body: `\ufeff${roastifyBody}` }), ['error BODY_NOT_JSON']],
  ['a compressed body', fromRoastify({ body: Uint8Array.of(0x1f, 0x8b, 8) }), ['error BODY_NOT_JSON']],
  ['JSON that is no object', fromRoseRocket({ body: '[]' }), ['error EVENT_MISSING']],
  ['JSON null', fromRoseRocket({ body: 'null' }), ['error EVENT_MISSING']],
  [
    'a documented fact broken',
    fromRoseRocket({ body: roseRocketBody.replace(/"order_id":"[^"]*",/, '') }),
    ['error SCHEMA'],
  ],
  [
    'an assumed fact broken',
    fromRoastify({ body: roastifyBody.replace(/"updatedAt":"[^"]*"/, '"updatedAt":5') }),
    ['warning SCHEMA'],
  ],
  ['further keys', fromRoseRocket({ body: roseRocketBody.replace('{', '{"order_ids":[],') }), []],
  ['one seen before', fromRoastify(), ['note DUPLICATE'], { known: () => true }],
  ['a GET', { ...fromRoastify(), method: 'GET' }, ['error METHOD']],
  ['a PUT', { ...fromRoastify(), method: 'PUT' }, ['error METHOD']],
  ['JSON with a charset', withHeader(fromRoastify(), 'content-type', 'Application/JSON; charset=utf-8'), []],
  [
    'another content type, documented',
    withHeader(fromRoastify(), 'content-type', 'text/plain'),
    ['error CONTENT_TYPE'],
  ],
  [
    'another content type, only observed',
    withHeader(fromRoseRocket(), 'content-type', 'text/plain'),
    ['warning CONTENT_TYPE'],
  ],
  [
    'another content type, only assumed',
    withHeader(fromShoprocket(shopOrder), 'content-type', 'text/plain'),
    ['warning CONTENT_TYPE'],
  ],
  ['no content type', withHeader(fromRoseRocket(), 'content-type'), ['warning CONTENT_TYPE']],
  [
    'several things at once',
    { ...unsigned('nonsense'), method: 'PUT' },
    ['error METHOD', 'error BODY_NOT_JSON', 'warning SIGNATURE_MISSING'],
    { provider: shoprocket },
  ],
];

describe('a verdict', () => {
  it.each(cases)('%s', (_, received, expected, bench = {}) => {
    const verdict = judged(received, bench);
    expect(found(verdict)).toEqual(expected);
    expect(verdict.valid).toBe(!expected.some((text) => text.startsWith('error')));
    for (const { message } of verdict.problems) expect(message).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each(cases)('strictly: %s', (_, received, expected, bench = {}) => {
    const strictly = expected.map((text) => text.replace('warning', 'error'));
    expect(found(judged(received, { ...bench, strict: true }))).toEqual(strictly);
  });

  it('has a case for every problem there is', () => {
    const named = cases.flatMap(([, , expected]) => expected.map((text) => text.split(' ')[1]));
    expect(new Set(named)).toEqual(new Set(problemCodes));
  });

  it('names the delivery and what it was judged by', () => {
    expect(judged(fromRoastify())).toEqual({
      valid: true,
      provider: 'roastify',
      event: 'fulfillment.created',
      id: 'msg_1',
      scheme: { label: roastify.scheme.label, basis: 'documented' },
      signed: true,
      problems: [],
    });
    expect(judged(fromRoseRocket())).toMatchObject({
      event: 'order.created',
      id: 'order.created+172dfbff-ebd9-4c9c-868c-cb79ef7775ed+2018-01-01T00:00:00Z',
      signed: true,
    });
  });

  it.each([
    ['there is none', unsigned(roseRocketBody)],
    ['it does not fit', fromRoseRocket({ key: 'wrong' })],
    ['its id is missing', withHeader(fromRoastify(), 'svix-id')],
  ])('is not called signed where %s', (_, received) => {
    expect(judged(received).signed).toBe(false);
  });

  it('is called signed where only the time is wrong', () => {
    expect(judged(fromRoastify({ timestamp: ago(301) }))).toMatchObject({ valid: false, signed: true });
  });

  it('says what a broken fact rests on, and where it stands', () => {
    const [problem] = judged(fromRoastify({ body: roastifyBody.replace('"ord_12345"', '17') })).problems;
    expect(problem).toEqual({
      code: 'SCHEMA',
      severity: 'error',
      message: 'orderId must be string, is 17',
      path: 'orderId',
      basis: 'documented',
    });
  });

  it('accepts any of several secrets', () => {
    const secretsOf = () => ['another', roastify.exampleSecret];
    expect(judged(fromRoastify(), { secretsOf }).valid).toBe(true);
  });

  it('asks for duplicates by provider and identity, and only where there is an identity', () => {
    const asked: unknown[] = [];
    const known = (...question: unknown[]) => asked.push(question) > 0;
    judged(fromRoastify(), { known });
    judged(fromRoseRocket({ body: '{"event":"order.created"}' }), { known });
    expect(asked).toEqual([[roastify, 'msg_1']]);
  });

  it('is the same again for the same bench', () => {
    for (const [, received, , bench] of cases)
      expect(judged(received, bench)).toEqual(judged(received, bench));
  });

  it('lets the white-label twin be the identity too', () => {
    const { headers, body } = fromRoastify();
    const twin = headers.map(([name, value]) => [name.replace('svix-', 'Webhook-'), value] as const);
    expect(judged(request(twin, body))).toMatchObject({ valid: true, id: 'msg_1' });
  });
});

describe('the fixtures', () => {
  const folders = readdirSync(new URL('../../fixtures/', import.meta.url));
  const fixtures = providers
    .filter(({ name }) => folders.includes(name))
    .flatMap(({ name }) =>
      readdirSync(new URL(`../../fixtures/${name}/`, import.meta.url)).map((file) => [name, file] as const),
    );

  it('are five', () => expect(fixtures).toHaveLength(5));

  it.each(fixtures)('%s/%s is what its provider sends', (name, file) => {
    const body = readFileSync(new URL(`../../fixtures/${name}/${file}`, import.meta.url));
    const { scheme, exampleSecret } = provider(name);
    const headers = scheme.sign({ id: 'msg_1', at: now, body }, [exampleSecret]).headers;
    const verdict = judged(request([json, ...headers], body));
    expect(verdict).toMatchObject({
      valid: true,
      provider: name,
      event: file.replace('.json', ''),
      problems: [],
    });
  });
});

describe('whatever comes', () => {
  const nested = (levels: number, inner: string) => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;

  it.each([
    ['where the schema knows a text', `{"event":"order.created","order_id":${nested(10_000, '1')}}`],
    ['where the schema knows nothing', roseRocketBody.replace('{', `{"more":${nested(10_000, '1')},`)],
    ['where the event stands', `{"event":${nested(10_000, '1')}}`],
    ['at the top', nested(10_000, '')],
    ['100 times deeper', `{"event":"order.created","order_id":${nested(400_000, '')}}`],
  ])('10,000 levels do not throw: %s', (_, body) => {
    expect(judged(fromRoseRocket({ body })).provider).toBe('rose-rocket');
    expect(judged(unsigned(body)).problems.length).toBeGreaterThan(0);
  });

  it('a million wrong items make few findings', () => {
    const body = shopOrder.replace(/"order_items":\s*\[/, `"order_items":[${'0,'.repeat(200_000)}`);
    const verdict = judged(fromShoprocket(body));
    expect(verdict.valid).toBe(false);
    expect(verdict.problems.length).toBeLessThan(10);
  });

  it('the messages are short', () => {
    const body = roseRocketBody.replace(
      /"order_id":"[^"]*"/,
      `"order_id":${JSON.stringify('x'.repeat(100_000))}`,
    );
    for (const { message } of judged(fromRoseRocket({ body })).problems)
      expect(message.length).toBeLessThan(400);
  });

  it('nothing throws', () => {
    const methods = fc.constantFrom('POST', 'PUT', 'OPTIONS');
    const names = fc.constantFrom(
      'content-type',
      'signature',
      'X-Rose-Rocket-Signature',
      'svix-id',
      'svix-timestamp',
      'svix-signature',
      'webhook-id',
      'x',
    );
    const headers = fc.array(fc.tuple(names, fc.string({ unit: 'binary' })));
    const keys = fc.constantFrom('event', 'type', 'eventType', 'data', '__proto__');
    const events = fc.constantFrom(...providers.flatMap(({ events }) => Object.keys(events)));
    const value = fc.dictionary(keys, fc.oneof(events, fc.jsonValue()));
    const bodies = fc.oneof(
      fc.uint8Array(),
      value.map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(methods, headers, bodies, (method, headers, body) => {
        const { valid, problems } = judged(request(headers, body, method));
        expect(valid).toBe(problems.every(({ severity }) => severity !== 'error'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a signature that stands in no header', () => {
  const words = (data: Parameters<typeof schemeOf>[0], path: string, headers: [string, string][] = []) => {
    const own = { ...roseRocket, scheme: schemeOf(data) };
    const received = { ...request([json, ...headers], roseRocketBody), path };
    const { problems, signed } = judged(received, {
      providers: [own],
      provider: own,
      secretsOf: () => ['abc'],
    });
    return [signed, ...problems.map(({ message }) => message)];
  };
  const sig = { names: { signature: 'sig' }, value: '{signature}' };

  it('is told by its place', () => {
    expect(words({ use: 'github', with: { ...sig, in: 'query' } }, '/')).toEqual([
      false,
      'there is no parameter "sig" in the query',
    ]);
    expect(words({ use: 'github', with: { ...sig, in: 'body' } }, '/')).toEqual([
      false,
      'there is no field "sig" in the body',
    ]);
    expect(words({ use: 'token', with: { in: 'query' } }, '/?token=abd')).toEqual([
      false,
      'the parameter "token" in the query does not fit the secret',
    ]);
    expect(words({ use: 'token', with: { in: 'query' } }, '/?token=abc')).toEqual([true]);
    expect(words({ use: 'none' }, '/')).toEqual([false]);
  });

  it('a time is told by the way it should be written', () => {
    const names = { signature: 'sig', timestamp: 'time' };
    const changes = { ...sig, names, over: '{timestamp}{body}', time: 'iso' } as const;
    const headers: [string, string][] = [
      ['sig', 'abc'],
      ['time', '1795255200'],
    ];
    expect(words({ use: 'github', with: changes }, '/', headers)).toContain(
      'the time in time is not in ISO 8601: "1795255200"',
    );
  });
});
