import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draft, seal } from '../../src/core/craft.ts';
import { payloadOf } from '../../src/core/fake.ts';
import type { SchemeData } from '../../src/core/scheme-data.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import { providers } from '../../src/providers/index.ts';
import {
  found,
  json,
  judged,
  now,
  roastify,
  roastifyBody,
  roseRocket,
  roseRocketBody,
  second,
} from '../helpers/deliveries.ts';

const origin = { seed: 1, at: now };
const body = Buffer.from(roastifyBody);
const target = { url: 'http://localhost:3000/', at: now, secrets: [roastify.exampleSecret] };

describe('a draft', () => {
  it('tells event and id, and has the headers of its provider', () => {
    expect(draft(roastify, body, origin)).toEqual({
      provider: roastify,
      event: 'fulfillment.created',
      id: expect.stringMatching(/^msg_[0-9A-Za-z]{27}$/),
      seed: 1,
      headers: [json, ['user-agent', 'Svix-Webhooks/1.100.0']],
      body,
    });
  });

  it('has an id that follows from provider, seed, clock and body', () => {
    const idOf = (seed = 1, at = now, text = roastifyBody) =>
      draft(roastify, Buffer.from(text), { seed, at }).id;
    expect(idOf()).toBe(idOf());
    expect(new Set([idOf(), idOf(2), idOf(1, now + 1), idOf(1, now, '{}')]).size).toBe(4);
  });

  it('takes a given id where the scheme sends one, and where it sends none the identity in the body', () => {
    expect(draft(roastify, body, origin, { id: 'msg_mine' }).id).toBe('msg_mine');
    const rose = draft(roseRocket, Buffer.from(roseRocketBody), origin, { id: 'msg_mine' });
    expect(rose.id).toBe('order.created+172dfbff-ebd9-4c9c-868c-cb79ef7775ed+2018-01-01T00:00:00Z');
  });

  it.each(['', 'no json', '{}', '\xff'])('of any body: %j', (text) => {
    expect(draft(roseRocket, Buffer.from(text, 'latin1'), origin)).toMatchObject({
      event: undefined,
      id: undefined,
    });
  });
});

describe('a sealed draft', () => {
  it('has the same id and bytes on every attempt, and a time and signature of its own', () => {
    const made = draft(roastify, body, origin);
    const one = seal(made, target);
    const two = seal(made, { ...target, at: now + 5000 });
    expect([two.id, two.body]).toEqual([one.id, one.body]);
    const differing = one.headers.filter(([name, value], i) => two.headers[i]![1] !== value && name);
    expect(differing.map(([name]) => name)).toEqual(['svix-timestamp', 'svix-signature']);
  });

  it('goes without a signature where there is no secret, with its id and time', () => {
    const { headers } = seal(draft(roastify, body, origin, { id: 'msg_1' }), { ...target, secrets: [] });
    expect(headers.slice(2)).toEqual([
      ['svix-id', 'msg_1'],
      ['svix-timestamp', second],
    ]);
  });

  it('has added headers last, in place of those of the same name', () => {
    const extra = [
      ['SVIX-Signature', 'mine'],
      ['X-A', '1'],
      ['x-a', '2'],
    ] as const;
    const { headers } = seal(draft(roastify, body, origin), { ...target, extra });
    expect(headers.slice(-3)).toEqual(extra);
    expect(headers.filter(([name]) => name.toLowerCase() === 'svix-signature')).toHaveLength(1);
  });

  it('is judged valid: any event of any provider, any seed and clock', () => {
    const event = fc.constantFrom(
      ...providers.flatMap((provider) => Object.keys(provider.events).map((name) => ({ provider, name }))),
    );
    const clock = fc.date({ min: new Date('2001-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(event, fc.nat(), clock, ({ provider, name }, seed, date) => {
        const at = date.getTime();
        const made = draft(
          provider,
          Buffer.from(JSON.stringify(payloadOf(provider.events[name]!, { seed, at }))),
          { seed, at },
        );
        const { headers, body } = seal(made, { ...target, at, secrets: [provider.exampleSecret] });
        const verdict = judged({ method: 'POST', path: '/', headers, body }, { now: at });
        expect(found(verdict)).toEqual([]);
        const signed = provider.scheme.headers.length > 0;
        expect(verdict).toMatchObject({ provider: provider.name, event: name, id: made.id, signed });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a scheme that signs with more than headers', () => {
  const sealed = (data: SchemeData, text = roseRocketBody, extra: [string, string][] = []) => {
    const provider = { ...roseRocket, scheme: schemeOf(data) };
    return seal(draft(provider, Buffer.from(text), origin), { ...target, secrets: ['abc'], extra });
  };
  const inBody = {
    use: 'github',
    with: { in: 'body', names: { signature: 'sig' }, value: '{signature}' },
  } as const;

  it('changes the address', () => {
    const { url, headers, body } = sealed({ use: 'token', with: { in: 'query' } });
    expect([url, body.toString()]).toEqual(['http://localhost:3000/?token=abc', roseRocketBody]);
    expect(headers).toEqual([json]);
  });

  it('changes the body', () => {
    const { url, body } = sealed(inBody, '{"a":1}');
    expect(url).toBe('http://localhost:3000/');
    expect(body.toString()).toMatch(/^\{"a":1,"sig":"[0-9a-f]{64}"\}$/);
  });

  it('leaves a body alone that cannot hold a signature', () => {
    expect(sealed(inBody, 'hello').body.toString()).toBe('hello');
  });

  it('is told the content type that goes out', () => {
    const form = sealed({ use: 'twilio' }, 'a=1', [['Content-Type', 'application/x-www-form-urlencoded']]);
    expect(form.url).toBe('http://localhost:3000/');
    expect(sealed({ use: 'twilio' }).url).toMatch(/\?bodySHA256=[0-9a-f]{64}$/);
  });

  it('gives each delivery an id where it has a header for one, however ids are made', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(sealed({ use: 'github' }).headers.at(0)).toEqual(json);
    expect(sealed({ use: 'github' }).id).toMatch(uuid);
    const own = { names: { signature: 'S', id: 'I' }, over: '{id}{body}' };
    expect(Object.fromEntries(sealed({ use: 'github', with: own }).headers).I).toMatch(uuid);
  });

  it('replaces what a header of the same name said', () => {
    const provider = { ...roseRocket, scheme: schemeOf({ use: 'basic' }) };
    const made = draft(provider, Buffer.from('{}'), origin);
    const old = { ...made, headers: [...made.headers, ['Authorization', 'Basic old'] as const] };
    const { headers } = seal(old, { ...target, secrets: ['a:b'] });
    expect(headers).toEqual([json, ['authorization', 'Basic YTpi']]);
  });
});
