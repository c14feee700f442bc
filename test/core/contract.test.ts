import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contract } from '../../src/core/contract.ts';
import { makeDrawing } from '../../src/core/drawing.ts';
import { payloadMaker } from '../../src/core/fake.ts';
import type { Scheme } from '../../src/core/provider.ts';
import { providerOf } from '../../src/core/provider-data.ts';
import { schemeNames } from '../../src/core/scheme-data.ts';
import { makeValidate } from '../../src/core/validate.ts';
import { providers } from '../../src/providers/index.ts';
import { now } from '../helpers/deliveries.ts';

const drawing = makeDrawing();

const declared = (scheme: object, name = 'acme', event = 'thing.made') =>
  providerOf(
    { name, eventAt: 'type', scheme, events: { [event]: { samples: [{ id: 'evt_1a2b3c' }] } } },
    'a test',
    drawing,
  );

const broken = (scheme: object, name?: string, event?: string) => {
  const provider = declared(scheme, name, event);
  const trial = {
    providers: [...providers, provider],
    validate: makeValidate(),
    payload: payloadMaker(),
    now,
  };
  return [...contract(provider, trial)]
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ clause, reason }) => `${clause}: ${reason}`);
};

describe('the contract is kept with', () => {
  it.each(schemeNames)('the ready-made scheme %s', (use) => expect(broken({ use })).toEqual([]));

  it.each([
    { use: 'token', with: { in: 'query' } },
    { use: 'token', with: { names: { signature: 'x-token' } } },
    { use: 'github', with: { in: 'query', names: { signature: 'sig' } } },
    { use: 'github', with: { in: 'body', names: { signature: 'sig' } } },
    { use: 'github', with: { over: '{path}\n{body}', in: 'query', names: { signature: 'sig' } } },
  ])('%j', (scheme) => expect(broken(scheme)).toEqual([]));

  it('an unsigned provider whose event another one has too', () =>
    expect(broken({ use: 'none' }, 'acme', 'order.created')).toEqual([]));
});

describe('known answers', () => {
  const found = (scheme: object, more: object = {}) => {
    const events = { 'a.b': { samples: [{ id: 'x1' }] } };
    const provider = providerOf(
      { name: 'acme', eventAt: 'type', scheme, events, ...more },
      'a test',
      drawing,
    );
    const trial = { providers, validate: makeValidate(), payload: payloadMaker(), now };
    return [...contract(provider, trial)].find(({ clause }) => clause === 'signs like its known answers');
  };
  const answer = { secret: 'key', body: '{}' };
  const signed = `sha256=${createHmac('sha256', 'key').update('{}').digest('hex')}`;

  it.each<[string, object, object, object]>([
    [
      'that fit are kept',
      { use: 'github' },
      { knownAnswers: [{ ...answer, headers: { 'X-Hub-Signature-256': signed } }] },
      { outcome: 'passed', passed: true },
    ],
    [
      'that do not fit are broken',
      { use: 'github' },
      { knownAnswers: [{ ...answer, headers: { 'X-Hub-Signature-256': 'x' } }] },
      { outcome: 'failed', passed: false },
    ],
    [
      'that there are not are not tried',
      { use: 'github' },
      {},
      {
        outcome: 'skipped',
        reason: expect.stringMatching(
          /^there are none; "knownAnswers": .* takes deliveries that acme itself signed$/,
        ),
      },
    ],
    [
      'of what signs nothing are not tried',
      { use: 'none' },
      {},
      { outcome: 'skipped', reason: 'it signs nothing' },
    ],
  ])('%s', (_, scheme, more, expected) => {
    expect(found(scheme, more)).toMatchObject(expected);
    expect('passed' in found(scheme, more)!).toBe('passed' in expected);
  });
});

const signature = (body: Uint8Array, secret: string) =>
  createHmac('sha256', secret).update(body).digest('hex');

/** As the documentation shows it: three functions, and nothing else. */
const own: Pick<Scheme, 'sign' | 'verify' | 'secretFault'> = {
  sign: ({ body }, [secret]) => ({ headers: [['x-own', signature(body, secret as string)]] }),
  verify: ({ headers, body }, secrets) => {
    const found = headers.find(([name]) => name === 'x-own')?.[1];
    return secrets.some((secret) => signature(body, secret) === found)
      ? []
      : [{ code: 'SIGNATURE_MISMATCH' }];
  },
  secretFault: (secret) => (secret === '' ? 'it is empty' : undefined),
};

describe('a scheme that is code', () => {
  it('keeps the contract with three functions alone', () => expect(broken(own)).toEqual([]));

  it.each([
    ['another secret fits too', () => []],
    [
      'what is not signed at all fits too',
      (({ headers }, [secret]) =>
        headers.some(([name]) => name === 'x-own') && secret?.endsWith('AAAA')
          ? [{ code: 'SIGNATURE_MISMATCH' }]
          : []) as Scheme['verify'],
    ],
  ])('breaks it where %s', (words, verify) =>
    expect(broken({ ...own, verify })).toEqual([expect.stringContaining(words)]),
  );

  it('says of itself what it does not say', () => {
    expect(declared({ ...own, label: undefined }).scheme).toMatchObject({
      label: 'signed by code',
      basis: 'assumed',
      source: 'declared in a test',
      headers: [],
    });
    expect(declared({ ...own, headers: ['X-Own'] }).scheme).toMatchObject({
      headers: ['x-own'],
      carrier: { in: 'header', name: 'X-Own' },
    });
    expect(declared({ ...own, carrier: { in: 'query', name: 'sig' } }).scheme.headers).toEqual([]);
  });

  it.each(['sign', 'verify', 'secretFault'])('needs %s', (key) =>
    expect(() => declared({ ...own, [key]: undefined })).toThrow(
      `a test: scheme.${key} must be a function, for the scheme is code, and is missing`,
    ),
  );

  it.each([
    [{ label: 5 }, 'scheme.label must be a text, and is 5'],
    [{ headers: 'x-own' }, 'scheme.headers must be a list of the names of headers'],
    [{ carrier: { in: 'cookie', name: 'x' } }, 'scheme.carrier.in must be "header" or'],
    [{ secretFault: () => true }, 'scheme.secretFault must be a function that gives nothing, or a text'],
  ])('refuses %j', (more, words) => expect(() => declared({ ...own, ...more })).toThrow(words));

  it.each([
    [{ sign: () => 'abc' }, 'scheme.sign must be a function that gives { headers'],
    [{ sign: () => ({ headers: { 'x-own': 'a' } }) }, 'scheme.sign must be a function that gives { headers'],
    [{ verify: () => true }, 'scheme.verify must be a function that gives a list'],
    [{ verify: () => [{ code: 'WRONG' }] }, 'scheme.verify must be a function that gives a list'],
    [
      {
        verify: () => {
          throw new Error('no key');
        },
      },
      'scheme.verify throws: no key',
    ],
  ])('that gives something else is told of it: %o', (more, words) =>
    expect(broken({ ...own, ...more }).join()).toContain(words),
  );
});
