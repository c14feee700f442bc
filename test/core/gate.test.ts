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

const gate = (texts: string[], once = false) =>
  new Gate(
    texts.map((text) => parseExpectation(text, providers)),
    once,
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
    expect(gate(texts, true).take(verdict(event, 'rose-rocket'))?.met).toBe(met);
  });
});

it.each([
  ['order.cretaed', 'no event fits'],
  ['order.created=0', '"0" is not a count'],
  ['order.created=', '"" is not a count'],
  ['order.created=many', '"many" is not a count'],
  ['nobody:order.created', 'no provider "nobody"'],
])('--expect %s is refused', (text, words) => {
  expect(() => parseExpectation(text, providers)).toThrow(words);
});
