import { describe, expect, it } from 'vitest';
import { parseExpectation } from '../../src/core/expect.ts';
import { Gate } from '../../src/core/gate.ts';
import type { Verdict } from '../../src/core/types.ts';
import { providers } from '../../src/providers/index.ts';

const verdict = (event: string, provider = 'roastify', valid = true): Verdict => ({
  valid,
  provider,
  event,
  signed: valid,
  problems: valid ? [] : [{ code: 'SIGNATURE_MISMATCH', severity: 'error', message: '' }],
});

const gate = (texts: string[], { once = false, lasts = false } = {}) =>
  new Gate(
    texts.map((text) => parseExpectation(text, providers)),
    { once, lasts },
  );

describe('a gate', () => {
  it('ends when everything has come', () => {
    const opened = gate(['fulfillment.created', 'fulfillment.*=3']);
    expect(opened.take(verdict('fulfillment.created'))).toBeUndefined();
    expect(opened.missing).toBe('fulfillment.*: 1 of 3');
    expect(opened.take(verdict('fulfillment.shipped'))).toBeUndefined();
    expect(opened.take(verdict('tracking.updated'))).toBeUndefined();
    expect(opened.take(verdict('fulfillment.shipped'))).toEqual({ met: true });
  });

  it('fails at an invalid delivery', () => {
    const why = expect.stringContaining('SIGNATURE_MISMATCH');
    expect(gate(['fulfillment.*']).take(verdict('fulfillment.created', 'roastify', false))).toEqual({
      met: false,
      code: 'EXPECTATION_UNMET',
      why,
    });
  });

  it.each([
    [[], 'order.created', true],
    [['order.created'], 'order.created', true],
    [['order.created'], 'order.updated', false],
    [['order.created=2'], 'order.created', false],
    [['shoprocket:order.created'], 'order.created', false],
  ])('--once with %j: %s decides %s', (texts, event, met) => {
    expect(gate(texts, { once: true }).take(verdict(event, 'rose-rocket'))?.met).toBe(met);
  });
});

describe('a gate that lasts', () => {
  const lasting = (texts: string[], once = false) => gate(texts, { once, lasts: true });

  it.each<[string, string[], boolean, Verdict[], boolean, string]>([
    ['nothing expected, nothing came', [], false, [], true, ''],
    ['nothing expected, a valid one', [], false, [verdict('order.created')], true, ''],
    ['nothing expected, an invalid one', [], false, [verdict('x', 'roastify', false)], false, 'invalid'],
    ['all has come', ['order.created'], false, [verdict('order.created')], true, ''],
    [
      'all has come, then an invalid one',
      ['order.created'],
      false,
      [verdict('order.created'), verdict('x', 'roastify', false)],
      false,
      'invalid',
    ],
    [
      'one is missing',
      ['order.created=2'],
      false,
      [verdict('order.created')],
      false,
      'order.created: 1 of 2',
    ],
    [
      'the first decides, the second does not',
      [],
      true,
      [verdict('a'), verdict('b', 'roastify', false)],
      true,
      '',
    ],
    ['there is no first', [], true, [], false, 'a delivery'],
  ])('%s', (_what, texts, once, verdicts, met, words) => {
    const opened = lasting(texts, once);
    for (const each of verdicts) opened.take(each);
    const ending = opened.close('in the end');
    expect(ending.met).toBe(met);
    expect(ending.met ? '' : ending.why).toContain(words);
    expect(opened.close('again')).toBe(ending);
  });

  it('does not end before it is closed, though all has come', () => {
    expect(lasting(['order.created']).take(verdict('order.created'))).toBeUndefined();
  });
});

it.each([
  ['order.cretaed', 'no event fits'],
  ['order.created=0', '"0" is not a count'],
  ['order.created=99999999999999999999', '"99999999999999999999" is not a count from 1 to 1000000000'],
  ['order.created=', '"" is not a count'],
  ['order.created=many', '"many" is not a count'],
  ['nobody:order.created', 'no provider "nobody"'],
])('--expect %s is refused', (text, words) => {
  expect(() => parseExpectation(text, providers)).toThrow(words);
});
