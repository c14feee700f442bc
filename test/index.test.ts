import { Webhook } from 'svix';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as library from '../src/index.ts';
import {
  events,
  type Listener,
  type ListenOptions,
  listen,
  payload,
  send,
  sign,
  UsageError,
  verify,
} from '../src/index.ts';
import { fromRoastify, now, roastify, roastifyBody, roseRocket } from './helpers/deliveries.ts';
import { exported } from './helpers/library.ts';
import { freePort, tcpServer } from './helpers/net.ts';
import { receiver, silence } from './helpers/receiver.ts';

const at = now;
const hint = (text: string) =>
  expect.objectContaining({ name: 'UsageError', hint: expect.stringContaining(text) });

it('exports what it does, and what providers are declared with', () => {
  expect(Object.keys(library).sort()).toEqual(exported);
});

it('takes a provider of a user’s own in place of a name', async () => {
  const acme = library.providerOf(
    {
      name: 'acme',
      eventAt: 'type',
      scheme: { use: 'svix' },
      events: { 'a.b': { samples: [{ id: 'evt_1a2b3c' }] } },
    },
    'a test',
  );
  expect(library.events(acme).map(({ event }) => event)).toEqual(['a.b']);
  const body = JSON.stringify(library.payload(acme, 'a.b', { seed: 1 }));
  const verdict = library.verify(acme, { headers: library.sign(acme, body), body });
  expect(verdict).toMatchObject({ valid: true, provider: 'acme', event: 'a.b', signed: true, problems: [] });
  const listener = await library.listen({ providers: [acme] });
  await library.send(acme, 'a.b', { to: listener.url });
  expect((await listener.waitFor('a.b')).verdict).toMatchObject({ valid: true, provider: 'acme' });
  await listener.close();
});

describe('a plain object', () => {
  const acme = {
    name: 'acme',
    eventAt: 'type',
    scheme: { use: 'svix' },
    events: {
      'a.b': {
        schema: {
          type: 'object',
          properties: { id: { type: 'string' }, type: { const: 'a.b' } },
          required: ['id', 'type'],
        },
      },
    },
  } as const;

  it('is a provider wherever a name is', async () => {
    expect(events(acme)).toMatchObject([{ provider: 'acme', event: 'a.b', basis: 'assumed' }]);
    const body = JSON.stringify(payload(acme, 'a.b', { seed: 1 }));
    expect(JSON.parse(body)).toMatchObject({ id: expect.any(String), type: 'a.b' });
    expect(verify(acme, { headers: sign(acme, body), body })).toMatchObject({ valid: true, signed: true });
    const listener = await listen({ providers: [acme] });
    onTestFinished(() => listener.close());
    expect(await send(acme, 'a.b', { to: listener.url })).toMatchObject({ answer: { status: 200 } });
    expect((await listener.waitFor('a.b')).verdict).toMatchObject({ valid: true, provider: 'acme' });
  });

  it('is no provider twice, nor one of ours, for a listener', async () => {
    await expect(listen({ providers: [acme, acme] })).rejects.toThrow(
      'providers[1] declares "acme" a second time',
    );
    await expect(listen({ providers: [{ ...acme, name: 'roastify' }] })).rejects.toThrow(
      'providers[0]: "roastify" is a provider that comes with hooks',
    );
  });

  it('is read once', () => {
    expect(library.defineProvider(acme)).toBe(library.defineProvider(acme));
    expect(library.defineProvider(roastify)).toBe(roastify);
  });

  it('may have functions', () => {
    const scheme: library.CodeScheme = {
      sign: (_, [secret]) => ({ headers: [['x-key', String(secret)]] }),
      verify: ({ headers }, secrets) =>
        headers.some(([name, value]) => name === 'x-key' && secrets.includes(value))
          ? []
          : [{ code: 'SIGNATURE_MISMATCH' }],
      secretFault: () => undefined,
    };
    const coded = library.defineProvider({ ...acme, scheme });
    const headers = sign(coded, '{"id":"1","type":"a.b"}', { secret: 'one' });
    const delivery = { headers, body: '{"id":"1","type":"a.b"}' };
    expect(verify(coded, delivery, { secret: 'one' })).toMatchObject({ valid: true, signed: true });
    expect(verify(coded, delivery, { secret: 'two' })).toMatchObject({ valid: false, signed: false });
  });

  it.each([
    [{ name: 'acme' }, 'the provider acme: eventAt is missing'],
    [{ ...acme, evnets: {} }, 'the provider acme: evnets is not known here'],
    [{ ...acme, scheme: { use: 'svx' } }, 'the provider acme: scheme'],
    [{ ...acme, scheme: { sign: () => ({ headers: [] }) } }, 'scheme.verify must be a function'],
    [null, 'a provider is a name or an object, not null'],
    [5, 'a provider is a name or an object, not 5'],
  ])('that is wrong is refused: %j', async (wrong, words) => {
    const given = wrong as never;
    for (const call of [
      () => events(given),
      () => sign(given, '{}'),
      () => payload(given, 'a.b'),
      () => verify(given, { headers: {}, body: '' }),
    ]) {
      expect(call).toThrow(UsageError);
      expect(call).toThrow(words);
    }
    await expect(send(given, 'a.b', { to: 1 })).rejects.toThrow(words);
    await expect(listen({ providers: [given] })).rejects.toThrow(words);
  });
});

describe('a scheme that signs the address', () => {
  const square = library.providerOf(
    {
      name: 'square-like',
      eventAt: 'type',
      scheme: { use: 'square' },
      events: { 'a.b': { samples: [{ id: 'evt_1a2b3c' }] } },
    },
    'a test',
  );
  const body = JSON.stringify({ type: 'a.b', id: 'evt_1' });
  const at = now;

  it('is signed for an address, and verified with it', () => {
    const url = 'https://shop.example/hooks?a=b';
    const headers = library.sign(square, body, { url, at });
    const judged = (more: object) => library.verify(square, { headers, body, ...more }, { at });
    expect(judged({ url })).toMatchObject({ valid: true, signed: true });
    expect(judged({ url: 'https://shop.example/hooks' }).signed).toBe(false);
    expect(judged({}).signed).toBe(false);
    expect(() => library.sign(square, body, { at })).toThrow(/signs the address/);
  });

  it('knows the path that a server is told, with the host of its header', () => {
    const headers = library.sign(square, body, { url: 'http://shop.example/hooks?a=b', at });
    const came = { headers: { ...headers, host: 'shop.example' }, body, url: '/hooks?a=b' };
    expect(library.verify(square, came, { at }).signed).toBe(true);
    expect(library.verify(square, { ...came, method: 'PUT' }, { at }).problems[0]?.code).toBe('METHOD');
  });

  it('refuses what is no address', () => {
    for (const url of ['hooks', 'ftp://x/', 'http://'])
      expect(() => library.verify(square, { headers: {}, body, url })).toThrow(/is not an address/);
  });
});

describe('events', () => {
  it('is the catalogue, or a provider’s part of it', () => {
    expect(events()).toHaveLength(47);
    expect(events('Roastify').map(({ event }) => event)).toEqual(Object.keys(roastify.events));
    expect(events('shoprocket')[0]).toMatchObject({
      kind: 'event',
      provider: 'shoprocket',
      event: 'order.created',
    });
  });

  it('refuses an unknown provider', () =>
    expect(() => events('roastfy')).toThrow(hint('did you mean roastify?')));
});

describe('payload', () => {
  it('is the same for the same seed and clock, however the clock is written', () => {
    const made = payload('shoprocket', 'order.created', { seed: 1, at });
    for (const same of [new Date(at), new Date(at).toISOString()])
      expect(payload('shoprocket', 'order.created', { seed: 1, at: same })).toEqual(made);
    expect(payload('shoprocket', 'order.created', { seed: 2, at })).not.toEqual(made);
  });

  it('is another each time without a seed', () => {
    expect(payload('roastify', 'fulfillment.created')).not.toEqual(
      payload('roastify', 'fulfillment.created'),
    );
  });

  it('takes fields, and printed names', () => {
    const set = {
      'data.total_amount': '0.00',
      'data.order_items[0].quantity': 3,
      'data.discount_name': null,
    };
    const { data } = payload('shoprocket', 'order.created', { set }) as { data: Record<string, unknown> };
    expect(data).toMatchObject({ total_amount: '0.00', discount_name: null });
    expect(data.order_items).toContainEqual(expect.objectContaining({ quantity: 3 }));
    expect(payload('rose-rocket', 'Order POD Uploaded')).toMatchObject({ event: 'order.pod_uploaded' });
  });

  it.each<[string, () => unknown, string]>([
    ['an unknown provider', () => payload('nobody', 'a'), 'there are'],
    ['an unknown event', () => payload('shoprocket', 'order.crated'), 'did you mean order.created?'],
    [
      'an unknown path',
      () => payload('shoprocket', 'order.created', { set: { 'data.totl_amount': '1' } }),
      'did you mean data.total_amount?',
    ],
  ])('refuses %s', (_, make, text) => expect(make).toThrow(hint(text)));

  it.each<[string, () => unknown, RegExp]>([
    ['several events', () => payload('shoprocket', 'order.*'), /not one event/],
    ['no path', () => payload('shoprocket', 'order.created', { set: { 'a..b': 1 } }), /not a path/],
    ['no time', () => payload('shoprocket', 'order.created', { at: 'noon' }), /"noon" is not a time/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });
});

describe('sign and verify', () => {
  const body = roastifyBody;

  it('fit each other, over text and over bytes', () => {
    for (const each of [body, Buffer.from(body), Buffer.from([0x7b, 0xff])]) {
      const headers = sign('roastify', each, { at, id: 'msg_1' });
      const { problems } = verify('roastify', { headers, body: each }, { at });
      expect(problems.filter(({ code }) => /SIGNATURE|TIMESTAMP|ID/.test(code))).toEqual([]);
    }
  });

  it('give the headers of a delivery, which Svix itself accepts', () => {
    const headers = sign('roastify', body);
    expect(Object.keys(headers)).toEqual([
      'content-type',
      'user-agent',
      'svix-id',
      'svix-timestamp',
      'svix-signature',
    ]);
    expect(new Webhook(roastify.exampleSecret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(verify('roastify', { headers, body })).toMatchObject({ valid: true, signed: true });
  });

  it('take one secret or several', () => {
    const [one, two] = [1, 2].map((byte) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`) as [
      string,
      string,
    ];
    const headers = sign('roastify', body, { at, secret: [one, two] });
    for (const secret of [one, two, [one], ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', two]])
      expect(verify('roastify', { headers, body }, { at, secret }).valid).toBe(true);
    expect(verify('roastify', { headers, body }, { at }).valid).toBe(false);
  });

  it('take headers as Node has them, as a list, and several of one name', () => {
    const { headers, body } = fromRoastify();
    const object = Object.fromEntries(headers.map(([name, value]) => [name.toUpperCase(), value]));
    const lists = Object.fromEntries(headers.map(([name, value]) => [name, [value]]));
    for (const each of [headers, object, lists, { ...object, absent: undefined }])
      expect(verify('roastify', { headers: each, body }, { at }).valid).toBe(true);
    const twice = { ...object, 'svix-signature': ['v1,x', 'v1,y'] };
    expect(verify('roastify', { headers: twice, body }, { at }).valid).toBe(false);
  });

  it('explain a mismatch, thoroughly', () => {
    const bare = roastify.exampleSecret.slice(6);
    const pretty = JSON.stringify(JSON.parse(body), null, 2);
    const { headers } = fromRoastify({ key: bare, signed: pretty });
    const [problem] = verify('roastify', { headers, body }, { at }).problems;
    expect(problem?.likely).toMatchObject({
      code: 'SECRET_NOT_DECODED',
      message: expect.stringMatching(/indented/),
    });
  });

  it('are strict where asked to be', () => {
    const odd = '{"event":"order.exploded"}';
    const headers = sign('rose-rocket', odd, { at });
    expect(verify('rose-rocket', { headers, body: odd }, { at }).valid).toBe(true);
    expect(verify('rose-rocket', { headers, body: odd }, { at, strict: true }).valid).toBe(false);
  });

  it('refuse a malformed secret, and do not tell it', () => {
    for (const make of [
      () => sign('roastify', body, { secret: 'hunter2' }),
      () => verify('roastify', { headers: [], body }, { secret: 'hunter2' }),
    ]) {
      expect(make).toThrow(/secret for roastify is malformed: it does not start with "whsec_"/);
      expect(make).not.toThrow(/hunter2/);
    }
  });
});

describe('send', () => {
  it('delivers what verify accepts', async () => {
    const { port, requests } = await receiver([{ status: 204 }]);
    const fact = await send('roastify', 'fulfillment.created', { to: port, seed: 7, at });
    expect(fact).toMatchObject({ kind: 'attempt', answer: { status: 204 }, accepted: true, seed: 7 });
    const [request] = requests;
    expect(JSON.parse(request!.body.toString())).toMatchObject(
      payload('roastify', 'fulfillment.created', { seed: 7, at }),
    );
    expect(verify('roastify', request!)).toMatchObject({ valid: true, id: fact.delivery.id });
  });

  it('sends given bytes, headers, id and credentials', async () => {
    const { port, requests } = await receiver();
    const body = Buffer.from([0xff, 0]);
    await send('roastify', 'fulfillment.created', {
      to: `http://user:pass@localhost:${port}/hook`,
      body,
      id: 'msg_mine',
      headers: { 'X-A': '1' },
      signedAt: at,
    });
    expect(requests[0]).toMatchObject({ path: '/hook', body });
    const headers = Object.fromEntries(requests[0]!.headers);
    expect(headers).toMatchObject({
      'svix-id': 'msg_mine',
      'svix-timestamp': String(at / 1000),
      'X-A': '1',
      authorization: 'Basic dXNlcjpwYXNz',
    });
  });

  it('sends unsigned', async () => {
    const { port, requests } = await receiver();
    await send('rose-rocket', 'order.created', { to: port, unsigned: true });
    const names = requests[0]!.headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain('x-rose-rocket-signature');
  });

  it('tells a failure as an answer', async () => {
    expect(await send('rose-rocket', 'order.created', { to: await freePort() })).toMatchObject({
      answer: { failure: 'refused' },
      accepted: false,
    });
    const { port } = await receiver([silence]);
    expect(await send('rose-rocket', 'order.created', { to: port, timeoutMs: 30 })).toMatchObject({
      answer: { failure: 'timeout' },
    });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a remote host',
      () => send('roastify', 'fulfillment.created', { to: 'https://example.com/' }),
      /not this machine/,
    ],
    [
      'the public secret towards one',
      () => send('roastify', 'fulfillment.created', { to: 'https://example.com/', allowRemote: true }),
      /public example secret is not used/,
    ],
    ['no target', () => send('roastify', 'fulfillment.created', { to: '' }), /not a target/],
    ['an unknown event', () => send('roastify', 'fulfillment.x', { to: 1 }), /no event/],
    [
      'an unknown event beside a body',
      () => send('roastify', 'fulfillment.x', { to: 1, body: '{}' }),
      /no event/,
    ],
  ])('refuses %s', async (_, make, message) => {
    await expect(make()).rejects.toThrow(UsageError);
    await expect(make()).rejects.toThrow(message);
  });
});

describe('listen', () => {
  const start = async (options?: ListenOptions): Promise<Listener> => {
    const listener = await listen(options);
    onTestFinished(listener.close);
    return listener;
  };

  it('judges what send sends', async () => {
    const listener = await start();
    expect(listener.url).toMatch(/^http:\/\/localhost:\d+\/$/);
    const attempt = await send('roastify', 'fulfillment.created', { to: listener.url });
    expect(attempt).toMatchObject({ answer: { status: 200 }, accepted: true });
    const fact = await listener.waitFor('fulfillment.created');
    expect(fact).toMatchObject({
      kind: 'received',
      verdict: { valid: true, id: attempt.delivery.id },
      replied: { status: 200 },
    });
    expect(listener.received).toEqual([fact]);
  });

  it('waits for what is still to come, and for the right one', async () => {
    const listener = await start();
    const shipped = listener.waitFor('fulfillment.shipped');
    const first = listener.waitFor();
    await send('roastify', 'fulfillment.created', { to: listener.url });
    await send('roastify', 'fulfillment.shipped', { to: listener.url });
    expect((await first).verdict.event).toBe('fulfillment.created');
    expect((await shipped).verdict.event).toBe('fulfillment.shipped');
    expect((await listener.waitFor('fulfillment.created')).verdict.event).toBe('fulfillment.created');
  });

  it('gives up waiting', async () => {
    const listener = await start();
    await expect(listener.waitFor('order.created', { timeoutMs: 1 })).rejects.toThrow(
      'no order.created came within 1 ms',
    );
    await expect(listener.waitFor(undefined, { timeoutMs: 1 })).rejects.toThrow(
      'no delivery came within 1 ms',
    );
  });

  it('takes secrets by provider', async () => {
    const listener = await start({ secrets: { 'rose-rocket': ['one', 'two'] } });
    const to = listener.url;
    expect((await send('rose-rocket', 'order.created', { to, secret: 'two' })).accepted).toBe(true);
    expect(
      (await send('rose-rocket', 'order.created', { to, secret: roseRocket.exampleSecret })).accepted,
    ).toBe(false);
    expect((await send('shoprocket', 'order.created', { to })).accepted).toBe(true);
  });

  it('is strict, and for one provider, where asked to be', async () => {
    const { url } = await start({ strict: true, provider: 'rose-rocket' });
    expect((await send('rose-rocket', 'order.created', { to: url, unsigned: true })).accepted).toBe(false);
    expect((await send('shoprocket', 'order.created', { to: url })).accepted).toBe(false);
  });

  it.each<[string, ListenOptions, RegExp]>([
    ['an unknown provider', { provider: 'nobody' }, /no provider "nobody"/],
    ['a secret of an unknown provider', { secrets: { nobody: 'x' } }, /no provider "nobody"/],
    ['a malformed secret', { secrets: { roastify: 'x' } }, /malformed/],
  ])('refuses %s', async (_, options, message) => {
    await expect(listen(options)).rejects.toThrow(UsageError);
    await expect(listen(options)).rejects.toThrow(message);
  });

  it('refuses a port that is taken, and frees its own when closed', async () => {
    const port = await tcpServer(() => {});
    await expect(listen({ port })).rejects.toThrow(`port ${port} is taken`);
    const listener = await listen();
    await listener.close();
    expect(await send('rose-rocket', 'order.created', { to: listener.url })).toMatchObject({
      answer: { failure: 'refused' },
    });
  });
});

it('takes headers as a server or a client has them', () => {
  const headers = sign('roastify', roastifyBody);
  const forms = [headers, new Headers(headers), Object.entries(headers)];
  for (const form of forms) {
    expect(verify('roastify', { headers: form, body: roastifyBody }).signed).toBe(true);
  }
});

it('refuses a header that cannot be sent', async () => {
  const options = { to: 9, headers: { 'x-a': 'b\r\nc: d' } };
  await expect(send('roastify', 'fulfillment.created', options)).rejects.toThrow('"x-a" cannot be sent');
});

describe('called from JavaScript', () => {
  it.each([
    [
      'an option that there is not',
      () => payload('roastify', 'fulfillment.created', { sed: 1 } as never),
      'there is no option "sed"',
    ],
    [
      'a body that is none',
      () => sign('roastify', undefined as never),
      'a body is text or bytes, not undefined',
    ],
    ['a delivery without headers', () => verify('roastify', { body: '' } as never), '"headers" is missing'],
  ])('%s is refused', (_what, call, words) => {
    expect(call).toThrow(words);
    expect(call).toThrow(UsageError);
  });

  it('nowhere to send to is refused', async () => {
    await expect(send('roastify', 'fulfillment.created', undefined as never)).rejects.toThrow(
      '"to" is missing',
    );
  });
});
