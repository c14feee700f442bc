import { describe, expect, it } from 'vitest';
import { findRule, rules, selectRules } from '../../../src/core/check/rules.ts';

describe('rules by name', () => {
  const ids = (only?: string[], skip?: string[]) => selectRules(only, skip).map(({ id }) => id);

  it('are found, and selected by globs in their own order', () => {
    expect(findRule('stale').id).toBe('stale');
    expect(ids(['stale*', 'valid'])).toEqual(['valid', 'stale', 'stale-by-a-day']);
    expect(ids(['stale*'], ['*-day'])).toEqual(['stale']);
    expect(ids()).toEqual(rules.map(({ id }) => id));
  });

  it.each<[() => unknown, RegExp, RegExp]>([
    [() => findRule('stael'), /no rule "stael"/, /stale/],
    [() => ids(['tampered-bodi']), /no rule fits "tampered-bodi"/, /tampered-body/],
    [() => ids(undefined, ['nothing*']), /no rule fits "nothing\*"/, /--list/],
    [() => ids(['stale'], ['stale']), /leave no rule/, /--list/],
  ])('%s', (find, message, hint) => {
    expect(find).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    );
  });
});
