import { expect, it } from 'vitest';
import { openWords } from '../../../src/core/check/open.ts';

it('what could not be told is named, once for each reason', () => {
  const gone = 'the effect cannot be told: the database is gone';
  expect(openWords([{ rule: 'duplicate', reason: `by the answers alone; ${gone}` }])).toBe(
    `a rule that must hold could not be told, so this is no success: duplicate: ${gone}`,
  );
  const open = [
    { rule: 'duplicate', reason: `by the answers alone; ${gone}` },
    { rule: 'stale', reason: 'nothing can be concluded' },
    { rule: 'refused-no-effect', reason: gone },
  ];
  expect(openWords(open)).toBe(
    `3 rules that must hold could not be told, so this is no success: duplicate, refused-no-effect: ${gone}; stale: nothing can be concluded`,
  );
});
