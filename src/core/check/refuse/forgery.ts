import type { Draft } from '../../provider.ts';
import { type Change, forged, genuine } from '../forge.ts';
import type { Kit, Of } from '../kit.ts';
import type { Rule, Trial } from '../rule.ts';
import { needsSignature, oneOf } from '../skip.ts';

/** How a forged delivery differs from a genuine one, at the time at which it is sent. */
export type Forgery = readonly [label: string, change: (made: Draft, now: number, kit: Kit) => Change];

/** A rule that is nothing but forgeries, each held against a genuine twin. */
export interface Forgeries extends Omit<Rule, 'group' | 'level' | 'expects' | 'trials'> {
  readonly level?: Rule['level'];
  readonly expects?: string;
  readonly forgeries: (kit: Kit) => readonly Forgery[];
  /** How the bodies of the forged one and of its twin differ from what the provider makes. */
  readonly of?: (kit: Kit) => Of;
}

/** The genuine delivery that a forged one is held against: the same event, the same size. */
export const twinOf = (kit: Kit, of?: Of): Trial => {
  const made = kit.fresh(of);
  return { label: 'genuine', expect: 'accept', role: 'twin', make: (now) => genuine(kit, made, now) };
};

export const forgery = (kit: Kit, [label, change]: Forgery, of?: Of): Trial => {
  const made = kit.fresh(of);
  return {
    label,
    expect: 'refuse',
    bad: true,
    make: (now) => forged(kit, made, now, change(made, now, kit)),
  };
};

export function refuses({ forgeries, of, skip, ...rule }: Forgeries): Rule {
  return {
    level: 'MUST',
    expects: 'any answer but success',
    ...rule,
    group: 'refuse',
    skip: skip ? oneOf(needsSignature, skip) : needsSignature,
    trials: (kit) => {
      const made = of?.(kit);
      return [twinOf(kit, made), ...forgeries(kit).map((each) => forgery(kit, each, made))];
    },
  };
}

export const signatureName = ({ carrier }: Kit): string => carrier?.name ?? '';

export const always =
  'compare with a constant-time function over the whole digest, such as crypto.timingSafeEqual, after a check that the lengths are equal';
