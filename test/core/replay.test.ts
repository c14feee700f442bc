import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/core/capture.ts';
import { seal } from '../../src/core/craft.ts';
import { header } from '../../src/core/headers.ts';
import { parseSet } from '../../src/core/patch.ts';
import { deliveryDigest, identify, type Renewal, renew } from '../../src/core/replay.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import type { Received } from '../../src/core/types.ts';
import { providers } from '../../src/providers/index.ts';
import {
  fromRoastify,
  fromRoseRocket,
  judged,
  now,
  request,
  roastify,
  roseRocket,
  shoprocket,
  withHeader,
} from '../helpers/deliveries.ts';

const captured = (received: Received, more: Partial<Capture> = {}): Capture => ({
  received,
  came: true,
  ...more,
});
const plain: Renewal = { asRecorded: false, newIds: false, edits: [], force: false };
const hour = 3_600_000;

/** A capture sent again an hour later. */
function again(capture: Capture, renewal: Partial<Renewal> = {}) {
  const identity = identify(capture, providers, undefined);
  const { draft, leftOut } = renew(capture, identity, { ...plain, ...renewal }, { seed: 1, at: now + hour });
  const secrets = renewal.asRecorded ? [] : [draft.provider.exampleSecret];
  const delivery = seal(draft, { url: 'http://localhost:3000/', at: now + hour, secrets });
  return { delivery, leftOut, received: { ...capture.received, ...delivery } };
}

describe('whose delivery it is', () => {
  it('is what the capture says', () => {
    const said = { provider: 'shoprocket', event: 'order.created', id: 'x' };
    expect(identify(captured(request([], '{}'), { said }), providers, undefined)).toEqual({
      provider: shoprocket,
      event: 'order.created',
      id: 'x',
    });
  });

  it('is recognised where it says nothing, or names nobody of ours', () => {
    const expected = { provider: roastify, event: 'fulfillment.created', id: 'msg_1' };
    expect(identify(captured(fromRoastify()), providers, undefined)).toEqual(expected);
    const said = { provider: 'nobody', event: 'a', id: 'b' };
    expect(identify(captured(fromRoastify(), { said }), providers, undefined)).toEqual(expected);
  });

  it('is fixed by a name', () => {
    const said = { provider: 'roastify', event: 'a', id: 'b' };
    const capture = captured(fromRoseRocket(), { said });
    expect(identify(capture, providers, roseRocket)).toMatchObject({
      provider: roseRocket,
      event: 'order.created',
    });
  });

  it('may be nobody’s', () => {
    expect(identify(captured(request([], 'x')), providers, undefined)).toEqual({});
  });
});

describe('the digest of a delivery', () => {
  const digest = (capture: Capture) =>
    deliveryDigest(capture, identify(capture, providers, undefined)).toString('hex');

  it('is of its id: attempts at it are one', () => {
    const [one, other] = ['{"a":1}', '{"a":2}'].map((body) => captured(fromRoastify({ body })));
    expect(digest(one!)).toBe(digest(other!));
    expect(digest(one!)).not.toBe(digest(captured(fromRoastify({ id: 'msg_2' }))));
  });

  it('is of its bytes where it has none', () => {
    const [one, same, other] = ['x', 'x', 'y'].map((body) => captured(request([], body)));
    expect(digest(one!)).toBe(digest(same!));
    expect(digest(one!)).not.toBe(digest(other!));
  });
});

describe('sent again', () => {
  it.each([
    ['Roastify', fromRoastify()],
    ['Rose Rocket', fromRoseRocket()],
  ])('a delivery of %s has a signature that fits now; id and bytes are the same', (_, delivery) => {
    const { received } = again(captured(delivery));
    const verdict = judged(received, { now: now + hour });
    expect([verdict.signed, verdict.problems]).toEqual([true, []]);
    expect(verdict.id).toBe(judged(delivery).id);
    expect(received.body).toEqual(delivery.body);
    for (const [name] of received.headers)
      expect(received.headers.filter(([other]) => other.toLowerCase() === name.toLowerCase())).toHaveLength(
        1,
      );
  });

  it('it keeps its other headers, and loses those of the connection', () => {
    const delivery = fromRoastify();
    const headers = [['Host', 'a'], ['content-length', '1'], ['X-Own', ''], ...delivery.headers] as const;
    const { received } = again(captured({ ...delivery, headers: [...headers, ['x-own', '2']] }));
    expect(received.headers.filter(([name]) => /^(?:x-own|host|content-length)$/i.test(name))).toEqual([
      ['X-Own', ''],
      ['x-own', '2'],
    ]);
  });

  it('what no header may hold is left out, and named', () => {
    const delivery = fromRoastify();
    const headers = [...delivery.headers, ['Authorization', '••••1234'], ['a b', 'c']] as const;
    expect(again(captured({ ...delivery, headers })).leftOut).toEqual(['Authorization', 'a b']);
  });

  it('as recorded it is the same to the byte', () => {
    const delivery = fromRoastify();
    const { received } = again(captured(delivery), { asRecorded: true });
    expect(received.headers).toEqual(delivery.headers);
    expect(received.body).toEqual(delivery.body);
  });

  it('it is signed under the names that it came with', () => {
    const delivery = fromRoastify();
    const headers = delivery.headers.map(
      ([name, value]) => [name.replace('svix-', 'webhook-'), value] as const,
    );
    const { received } = again(captured({ ...delivery, headers }));
    expect(received.headers.map(([name]) => name)).toEqual([
      'content-type',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ]);
    expect(judged(received, { now: now + hour }).signed).toBe(true);
  });

  it.each([
    ['asked for', fromRoastify(), true],
    ['that was missing', withHeader(fromRoastify(), 'svix-id'), false],
    ['for one that no header can hold', withHeader(fromRoastify(), 'svix-id', 'a\nb'), false],
  ])('it has a fresh id, %s', (_, delivery, newIds) => {
    const { received, delivery: sent } = again(captured(delivery), { newIds });
    expect(sent.id).toMatch(/^msg_\w{27}$/);
    expect(header(received.headers, 'svix-id')).toBe(sent.id);
    expect(judged(received, { now: now + hour }).signed).toBe(true);
  });

  it('with a field changed it is signed as it is then', () => {
    const { received } = again(captured(fromRoastify()), { edits: [parseSet('orderId=mine')] });
    expect(Buffer.from(received.body).toString()).toContain('"orderId":"mine"');
    expect(judged(received, { now: now + hour }).signed).toBe(true);
  });

  it.each([
    ['a path that is not there', fromRoastify(), /no "orderIt"/],
    ['a body that is no JSON', fromRoastify({ body: 'x' }), /its body is not JSON/],
    [
      'a body without a bottom',
      fromRoastify({ body: '['.repeat(100_000) + ']'.repeat(100_000) }),
      /too deeply/,
    ],
    ['a compressed body', fromRoastify({ body: Buffer.of(0x1f, 0x8b) }), /compressed/],
  ])('an edit is refused for %s', (_, delivery, words) => {
    expect(() => again(captured(delivery), { edits: [parseSet('orderIt=1')] })).toThrow(words);
  });

  it('what is nobody’s keeps all its headers and is not signed', () => {
    const delivery = request([['X-Signature', 'abc']], 'x');
    const { received, delivery: sent } = again(captured(delivery));
    expect([sent.provider, received.headers]).toEqual(['unknown', delivery.headers]);
  });
});

it('a signature in the query, or in the body, takes the place of the recorded one', () => {
  const changes = { names: { signature: 'sig' }, value: '{signature}' };
  for (const place of ['query', 'body'] as const) {
    const scheme = schemeOf({ use: 'github', with: { ...changes, in: place } });
    const provider = { ...roseRocket, scheme };
    const { received } = captured(fromRoseRocket());
    const body = Buffer.from(received.body.toString().replace('{', '{"sig":"old",'));
    const capture = captured({ ...received, body: place === 'body' ? body : received.body });
    const { draft } = renew(capture, { provider, event: 'order.created' }, plain, { seed: 1, at: now });
    const url = 'http://localhost/?sig=old&a=b';
    const sent = seal(draft, { url, at: now, secrets: ['k'] });
    if (place === 'query') expect(sent.url).toMatch(/\/\?a=b&sig=[0-9a-f]{64}$/);
    else expect(sent.body.toString().match(/"sig"/g)).toHaveLength(1);
    const { pathname, search } = new URL(sent.url);
    expect(scheme.verify({ ...received, ...sent, path: pathname + search }, ['k'], now)).toEqual([]);
  }
});
