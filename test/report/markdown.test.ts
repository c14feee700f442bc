import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/core/check/rules.ts';
import { markdown } from '../../src/report/markdown.ts';
import { checkFact, checkResult } from '../helpers/checks.ts';
import { hostile, unsafe } from '../helpers/facts.ts';

const page = (...facts: ReturnType<typeof checkFact>[]) => markdown(checkResult(facts));

/** What Markdown shows of text: without the escapes, code aside. */
const shown = (text: string): string => text.replace(/\\(?=[!-/:-@[-`{-~])/g, '');

describe('the page for a pull request', () => {
  it('says what failed, then lists all', () => {
    const text = page(
      checkFact('it was taken'),
      checkFact('no time', { outcome: 'skipped', rule: 'future' }),
      checkFact('', { outcome: 'passed', rule: 'valid' }),
    );
    expect(text).toContain('3 rules: 1 passed, 1 failed, 1 skipped (no time). Seed 4821.');
    expect(text).toContain('### ❌ stale (MUST): refuses what is older than the tolerance');
    expect(text).toContain('Expected: any answer but success. Came: answered 200 after 12 ms.');
    expect(text).toContain('**Remedy:** look at the time');
    expect(text).toContain('| ❌ | stale | MUST | it was taken |');
    expect(text).toContain('| ➖ | future | MUST | no time |');
    expect(text).toContain('| ✅ | valid | MUST |  |');
    expect(text).toMatch(/```sh\ncurl .*\n/);
  });

  it('says first that it broke off, and what the failures prove together', () => {
    const text = markdown(
      checkResult([checkFact('it was taken')], {
        shortfall: { code: 'RECEIVER_GONE', message: 'the receiver is gone: it went at *stale*' },
        diagnoses: [{ message: 'nothing is `checked`', rules: ['no-signature', 'stale'] }],
      }),
    );
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines.slice(1, 4)).toEqual([
      '**⚠️ the receiver is gone: it went at \\*stale\\***',
      expect.stringMatching(/1 rule: 0 passed, 1 failed/),
      '- **nothing is \\`checked\\`** (no\\-signature, stale)',
    ]);
  });

  it('shows the words of every rule as they are written', () => {
    for (const { id, title, why, remedy, expects } of rules) {
      const text = page(checkFact('', { rule: id, title, why, remedy, expected: expects }));
      for (const words of [title, why, remedy, expects]) expect(shown(text)).toContain(words);
      const emphasis = text.replace(/```[\s\S]*?```|\*\*Remedy:\*\*/g, '').match(/(?<!\\)[*_`]/g);
      expect([id, emphasis]).toEqual([id, null]);
    }
  });

  it.each([
    ['a pipe', 'a|b', 'a\\|b'],
    ['backticks', '```x```', '\\`\\`\\`x\\`\\`\\`'],
    ['HTML', '<img src=x onerror=y></details>', '\\<img src=x onerror=y\\>\\</details\\>'],
    ['a mention', '@everyone #1', '@\u200beveryone \\#1'],
    ['a link', '[a](http://b)', '\\[a\\]\\(http://b\\)'],
    ['a line break', 'a\n| b |', 'a\\\\x0a\\| b \\|'],
    ['an escape', '\x1b[2J', '\\\\x1b\\[2J'],
  ])('%s is text', (_, said, written) => {
    const text = page(checkFact(said, { delivery: undefined } as never));
    expect(text).toContain(`| ❌ | stale | MUST | ${written} |`);
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
  });

  it('is harmed by nothing that a receiver says', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.constantFrom('```', '````\n', '</details>', '| |', '@a')), (said) => {
        const text = page(checkFact(said));
        expect(text.replaceAll('\u200b', '')).not.toMatch(unsafe);
        const lines = text.split('\n');
        expect(lines.filter((line) => line.startsWith('| ❌'))).toHaveLength(1);
        // What was sent stands in one fence, longer than any in it.
        const fences = lines.filter((line) => /^`{3,}(sh)?$/.test(line));
        expect(fences[0]).toBe(`${fences.at(-1)}sh`);
        for (const inner of fences.slice(1, -1)) expect(inner.length).toBeLessThan(fences.at(-1)!.length);
      }),
    );
  });
});
