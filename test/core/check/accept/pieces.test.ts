import { describe, expect, it } from 'vitest';
import { joinedAsText } from '../../../../src/core/check/accept/pieces.ts';
import type { Tried } from '../../../../src/core/check/rule.ts';
import { answered, benchOf, kitFor, madeBy, ruleOf, triedWith } from '../../../helpers/battery.ts';

/** What a rule concludes where its messages were answered so, in their order. */
const concluded = (id: string, ...statuses: number[]) => {
  const made = madeBy(benchOf(), id);
  expect(made).toHaveLength(statuses.length);
  const tried = made.map(({ trial }, index): Tried => triedWith(trial, answered(statuses[index]!)));
  return ruleOf(id).conclude!(tried, kitFor(benchOf(), id));
};

const byText = { outcome: 'failed', reason: expect.stringContaining(joinedAsText) };

describe('a body that is put together as text', () => {
  it.each<[string, number[]]>([
    ['unicode', [204, 204, 401, 204]],
    ['large-body', [204, 401, 204]],
    ['very-large-body', [204, 400, 204]],
    ['chunked', [204, 401, 204]],
  ])('is known by %s', (id, statuses) => {
    expect(concluded(id, ...statuses)).toMatchObject({
      ...byText,
      remedy: expect.stringMatching(/as bytes \(Buffers\)/),
    });
  });

  it.each<[string, string, number[], RegExp]>([
    ['text that is refused whole, too', 'unicode', [204, 401, 401, 204], /^emoji.*: answered 401$/],
    ['pieces of ASCII that are refused, too', 'unicode', [204, 204, 401, 401], /^in pieces.*: answered 401$/],
    ['a limit', 'large-body', [204, 413, 413], /^64 kB: answered 413$/],
    ['a limit that counts otherwise', 'large-body', [204, 413, 204], /^64 kB: answered 413$/],
    ['a framing that is refused', 'chunked', [204, 411, 411], /^chunked: answered 411$/],
    ['ASCII that is refused alone', 'very-large-body', [204, 204, 500], /of ASCII: answered 500$/],
  ])('is not blamed for %s', (_, id, statuses, reason) => {
    expect(concluded(id, ...statuses)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(reason),
    });
  });

  it('is no question where an ordinary one is refused', () => {
    expect(concluded('chunked', 401, 401, 401)).toMatchObject({ outcome: 'skipped', open: true });
  });

  it('is looked for with the same characters: whole and split', () => {
    const [, whole, split, ascii] = madeBy(benchOf(), 'unicode').map(({ message }) => message);
    const field = ({ body }: { readonly body: Uint8Array }) =>
      JSON.parse(Buffer.from(body).toString()).hooks_check;
    expect([whole!.pace, split!.pace, ascii!.pace]).toEqual([undefined, 'split', 'split']);
    expect(field(split!)).toBe(field(whole!));
    expect(field(ascii!)).toMatch(/^[\x20-\x7e]+$/);
  });
});
