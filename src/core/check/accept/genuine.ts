import { withField } from '../bodies.ts';
import { genuine } from '../forge.ts';
import type { Kit } from '../kit.ts';
import type { Message, Trial } from '../rule.ts';

/** A trial that must be accepted. */
export const accepted = (
  label: string,
  make: (now: number) => Message,
  more: Pick<Trial, 'together' | 'role'> = {},
) => ({
  label,
  expect: 'accept' as const,
  make,
  ...more,
});

/** A genuine delivery whose body was edited before it was signed. */
export const edited = (kit: Kit, label: string, edit: (text: string) => string, as?: string) => {
  const made = kit.fresh({ edit, ...(as === undefined ? {} : { as }) });
  return accepted(label, (now) => genuine(kit, made, now));
};

/** The same with a further field that nobody knows; it is held against one whose field is an ordinary one. */
export const furnished = (
  kit: Kit,
  label: string,
  edit: (text: string) => string,
  ordinary = '"a"',
): Trial[] => [
  {
    ...edited(kit, 'an ordinary further field', (text) => withField(text, 'hooks_check', ordinary)),
    role: 'twin',
  },
  edited(kit, label, edit),
];

/** A genuine delivery that must be accepted still. */
export function afterwards(kit: Kit): Trial {
  const made = kit.fresh();
  return {
    label: 'a genuine one afterwards',
    expect: 'accept',
    role: 'after',
    make: (now) => genuine(kit, made, now),
  };
}
