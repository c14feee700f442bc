import { expect, it } from 'vitest';
import { rateWords } from '../../src/core/rate.ts';

it('says nothing of a rate that was held, or almost', () => {
  for (const begun of [400, 380, 500])
    expect(rateWords({ asked: 400, begun, concurrency: 64, answerMs: 1 })).toBeUndefined();
});

it('says why a rate was not held', () => {
  expect(rateWords({ asked: 400, begun: 121.04, concurrency: 64, answerMs: 530 })).toBe(
    '400 a second was asked for, 121 were begun: all 64 connections waited for answers; a greater --concurrency or a faster receiver helps',
  );
  expect(rateWords({ asked: 50, begun: 20, concurrency: 1, answerMs: 50 })).toContain('the one connection');
  expect(rateWords({ asked: 40_000, begun: 9000, concurrency: 64, answerMs: 0.5 })).toContain(
    'this machine makes no more',
  );
});
