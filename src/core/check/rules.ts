import { UsageError } from '../../errors.ts';
import { didYouMean } from '../nearest.ts';
import { eventTest } from '../select.ts';
import { acceptRules } from './accept.ts';
import { refusalRule } from './answer.ts';
import { refuseRules } from './refuse.ts';
import type { Rule } from './rule.ts';
import { surviveRules } from './survive.ts';

/** Every rule, in the order in which they are told. */
export const rules: readonly Rule[] = [...acceptRules, ...refuseRules, ...surviveRules, refusalRule];

/**
 * The rule of an id.
 * @throws {UsageError} that names the nearest
 */
export function findRule(id: string): Rule {
  const rule = rules.find((each) => each.id === id);
  if (rule) return rule;
  throw new UsageError(
    `there is no rule "${id}"`,
    didYouMean(id, ruleIds(), '`hooks check --list` lists them'),
  );
}

/**
 * The rules that globs leave.
 * @throws {UsageError} for a glob that no rule fits, or where none is left
 */
export function selectRules(
  only: readonly string[] | undefined,
  skip: readonly string[] | undefined,
): Rule[] {
  const wanted = only && ruleTest(only);
  const unwanted = ruleTest(skip ?? []);
  const left = rules.filter(({ id }) => (wanted?.(id) ?? true) && !unwanted(id));
  if (left.length > 0) return left;
  throw new UsageError('--only and --skip leave no rule', '`hooks check --list` lists them');
}

function ruleTest(globs: readonly string[]): (id: string) => boolean {
  const tests = globs.map((glob) => {
    const test = eventTest(glob);
    if (rules.some(({ id }) => test(id))) return test;
    throw new UsageError(
      `no rule fits "${glob}"`,
      didYouMean(glob, ruleIds(), '`hooks check --list` lists them'),
    );
  });
  return (id) => tests.some((test) => test(id));
}

const ruleIds = (): string[] => rules.map(({ id }) => id);
