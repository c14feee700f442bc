import { describe, expect, it } from 'vitest';
import { baselineWords, judgeBaseline, untriedReason } from '../../../src/core/check/baseline.ts';
import { none } from '../../../src/core/scheme.ts';
import { answered, benchOf, failed, triedWith } from '../../helpers/battery.ts';

describe('the first delivery', () => {
  it.each([
    [
      failed('refused'),
      'nothing listens at localhost:1, so nothing was tried',
      'nothing listens there',
      /^start/,
    ],
    [
      failed('timeout', 20),
      /^a genuine delivery was not answered \(no answer/,
      /was not answered$/,
      /--timeout/,
    ],
    [
      failed('reset'),
      /^a genuine delivery was not answered \(the connection/,
      /was not answered$/,
      /its log|’s log/,
    ],
    [answered(401), /^a genuine delivery was refused \(answered 401\)/, /was refused$/, undefined],
  ])('%o', (answer, words, untried, remedy) => {
    expect(baselineWords(answer, 'localhost:1')).toMatch(words);
    expect(untriedReason(answer)).toMatch(untried);
    const judgement = judgeBaseline(triedWith({}, answer), benchOf());
    expect(judgement.outcome).toBe('failed');
    if (remedy) expect(judgement.remedy).toMatch(remedy);
    else expect(judgement.remedy).toBeUndefined();
  });

  it('is not told to look at a secret where nothing is signed', () => {
    const { provider } = benchOf();
    const unsigned = benchOf({ ...provider, scheme: none('documented', 'https://example.com/') });
    const { remedy } = judgeBaseline(triedWith({}, answered(401)), unsigned);
    expect(remedy).toMatch(/these deliveries carry no signature/);
  });
});
