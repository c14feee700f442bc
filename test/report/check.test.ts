import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/facts.ts';
import { checkReport } from '../../src/report/check.ts';
import { curlOf } from '../../src/report/check-evidence.ts';
import { checkFact } from '../helpers/checks.ts';
import { buffered } from '../helpers/context.ts';
import { hostile, noticeFact, unsafe } from '../helpers/facts.ts';

function print(facts: readonly Fact[], { level = 0 as 0 | 1, showSecrets = false } = {}) {
  const [out, err] = [buffered(), buffered()];
  const reporter = checkReport({ out, err }, new Chalk({ level }), showSecrets);
  for (const fact of facts) reporter.fact(fact);
  return { out: out.text(), err: err.text() };
}

const summary = {
  kind: 'summary',
  at: '2026-11-21T10:00:00.000Z',
  rules: 2,
  passed: 1,
  failed: 1,
  failed_must: 1,
  skipped: 0,
  reported: 0,
  skipped_because: {},
  seed: 4821,
} as const;

describe('the report on a terminal', () => {
  it('is a table by group, then the failures in full, then the counts', () => {
    const { out } = print([
      checkFact('', { group: 'accept', rule: 'valid', outcome: 'passed', reason: undefined } as never),
      checkFact('a minute too old: answered 200'),
      summary,
    ]);
    const lines = out.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'Accept: what a provider sends',
      '  ✓ valid',
      '',
      'Refuse: what only looks like it',
      '  ✗ stale                           a minute too old: answered 200',
    ]);
    expect(out).toContain('✗ stale (MUST) refuses what is older than the tolerance\n');
    expect(out).toContain('  sent      a minute too old\n    curl -sS ');
    expect(out).toContain('  came      answered 200 after 12 ms\n');
    expect(out).toContain('  why       It can be sent again. For ever. https://example.com/why\n');
    expect(out).toContain('  remedy    look at the time\n');
    expect(out).toMatch(/\n2 rules: 1 passed, 1 failed, seed 4821\n$/);
  });

  it('says what the failures prove together above them, and not on stderr', () => {
    const message = 'nothing is checked';
    const diagnosis = { ...noticeFact(message), rules: [...'abcdefgh'] };
    const { out, err } = print([checkFact('it was taken'), diagnosis, summary]);
    expect(err).toBe('');
    expect(out).toContain(
      '\nDiagnosis: what the failures say together\n  ✗ nothing is checked\n    a, b, c, d, e, f and 2 others\n\n✗ stale (MUST)',
    );
  });

  it('says how long was waited in vain once', () => {
    const answer = { failure: 'timeout', detail: 'no answer within 15010 ms', ms: 15_010.4 } as const;
    const { out } = print([checkFact('a', { answer }), summary]);
    expect(out).toMatch(/ {2}came {6}no answer[^\n]*\n/);
    expect(out).not.toMatch(/after 15010 ms/);
    expect(out.match(/no answer within/g)).toHaveLength(1);
  });

  it('says everything else on stderr', () => {
    expect(print([noticeFact('mind the gap')])).toMatchObject({
      out: '',
      err: expect.stringMatching(/mind the gap/),
    });
  });

  it('is painted only where that was asked for', () => {
    expect(print([checkFact('a'), summary]).out).not.toContain('\x1b');
    expect(print([checkFact('a'), summary], { level: 1 }).out).toContain('\x1b[31m');
  });

  it('shows a part of a long answer', () => {
    const answer = { status: 500, headers: [], body: 'line\n'.repeat(1000), ms: 1 };
    const { out } = print([checkFact('a', { answer }), summary]);
    expect(out.match(/^ {4}line$/gm)).toHaveLength(6);
  });

  it('masks credentials, unless they are asked for', () => {
    const secret = 'Bearer abcdefghijklmnopqrstuvwxyz';
    const fact = checkFact('a');
    const delivery = { ...fact.delivery!, headers: [['authorization', secret]] as const };
    expect(print([{ ...fact, delivery }, summary]).out).not.toContain('abcdefghijkl');
    expect(print([{ ...fact, delivery }, summary], { showSecrets: true }).out).toContain(secret);
  });

  it('is harmed by nothing that a receiver says', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { out, err } = print([checkFact(text), noticeFact(text), summary]);
        expect(`${out}${err}`.replaceAll('\t', '')).not.toMatch(unsafe);
      }),
    );
  });
});

describe('what was sent, as curl', () => {
  const delivery = checkFact('a').delivery!;

  it.each<[string, object, RegExp]>([
    ['the method', { method: 'GET' }, /-X GET /],
    ['chunked', { pace: 'chunked' }, /-H 'Transfer-Encoding: chunked'/],
    [
      'chunks that part a character, in words',
      { pace: 'chunked', body: 'é' },
      /# in two chunks, .*inside of a char/,
    ],
    ['chunks of ASCII', { pace: 'chunked', body: 'abc' }, /# in two chunks$/],
    [
      'pieces that part characters, in words',
      { pace: 'split', body: 'é' },
      /# in pieces that end inside of char/,
    ],
    ['pieces of ASCII', { pace: 'split', body: 'abc' }, /# in pieces, one after the other$/],
    ['slow, in words', { pace: 'slow' }, /# in pieces, over half a second$/],
    ['cut, in words', { pace: 'cut' }, /# half of the body, after which the connection closes$/],
    ['a long body, in words', { body: 'x'.repeat(65_536) }, /--data-binary @body\n# body: \d+ kB/],
    ['the body', {}, /--data-raw 'a'/],
  ])('has %s', (_, more, pattern) => {
    expect(curlOf({ ...delivery, ...more }).join('\n')).toMatch(pattern);
  });
});
