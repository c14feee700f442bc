import type { Draft } from '../../provider.ts';
import { forged, genuine, signatureIn } from '../forge.ts';
import type { Kit } from '../kit.ts';
import { links } from '../links.ts';
import type { Rule } from '../rule.ts';
import { needsDigest, needsList, needsSignature, needsTolerance, needsVersion, oneOf } from '../skip.ts';
import { accepted } from './genuine.ts';

/** The values of a scheme's signature header with others before or behind the right one. */
const among = (
  kit: Kit,
  label: string,
  others: (made: Draft, now: number) => readonly string[],
  ours: 'first' | 'last',
) => {
  const made = kit.fresh();
  const separator = kit.form?.separator ?? ' ';
  const place = (kit.form?.value ?? '').split(separator).findIndex((item) => item.includes('{signature}'));
  return accepted(label, (now) =>
    forged(kit, made, now, {
      // A time in the header keeps its place.
      value: (value) =>
        value
          .split(separator)
          .toSpliced(ours === 'first' ? place + 1 : place, 0, ...others(made, now))
          .join(separator),
    }),
  );
};

/** The item of the signature's value that another secret makes. */
function otherValue(kit: Kit, made: Draft, now: number): string {
  const separator = kit.form?.separator ?? ' ';
  const value = signatureIn(kit, forged(kit, made, now, { secret: kit.otherSecret }));
  // The time stands in the value once.
  const template = (kit.form?.value ?? '').split(separator);
  return value
    .split(separator)
    .filter((_, index) => template[index]?.includes('{signature}'))
    .join(separator);
}

/** Signatures as they may be sent. */
export const signatureRules: readonly Rule[] = [
  ...(['first', 'last'] as const).map(
    (place): Rule => ({
      id: `rotated-secret-${place}`,
      group: 'accept',
      level: 'MUST',
      title: `takes two signatures, the right one ${place}`,
      why: 'While a secret is rotated, deliveries are signed with the old and the new one. A receiver that looks at one signature only refuses everything on that day.',
      link: links.rotation,
      sends: `a genuine delivery with two signatures; ours is the ${place}`,
      expects: 'success',
      remedy: 'split the header, and accept when any signature fits',
      skip: oneOf(needsSignature, needsList),
      trials: (kit) => [among(kit, `ours ${place}`, (made, now) => [otherValue(kit, made, now)], place)],
    }),
  ),
  {
    id: 'unknown-version-first',
    group: 'accept',
    level: 'MUST',
    title: 'passes over signatures of versions that it does not know',
    why: 'A provider that moves to a new scheme sends both for a while. A receiver that judges by the first one, or gives up at an unknown one, refuses everything on that day.',
    link: links.standard,
    sends: 'a genuine delivery with signatures of other versions before the right one',
    expects: 'success',
    remedy: 'ignore items of other versions, and judge by those of yours',
    skip: oneOf(needsSignature, needsList, needsVersion),
    trials: (kit) =>
      ['v9', 'v1a'].map((version) =>
        among(
          kit,
          `${version} first`,
          (made, now) => [otherValue(kit, made, now).replace(/v1(?=[,=])/, version)],
          'last',
        ),
      ),
  },
  {
    id: 'clock-skew',
    group: 'accept',
    level: 'MUST',
    title: 'takes clocks that differ within the tolerance',
    why: 'Clocks differ, and deliveries wait in queues. A tolerance that is too small refuses genuine ones now and then, which nobody can explain.',
    link: links.standard,
    sends:
      'genuine deliveries, stamped a minute within the tolerance in the past and in the future (half of it, where it is shorter)',
    expects: 'success for each',
    remedy: 'allow the tolerance that the provider documents, both ways',
    skip: oneOf(needsSignature, needsTolerance),
    trials: (kit) => {
      const seconds = kit.form?.tolerance?.seconds ?? 0;
      const off = (seconds - Math.min(60, Math.ceil(seconds / 2))) * 1000;
      return (
        [
          ['past', -off],
          ['future', off],
        ] as const
      ).map(([way, ms]) => {
        const made = kit.fresh();
        return accepted(`${Math.abs(ms) / 1000} s in the ${way}`, (now) => genuine(kit, made, now + ms));
      });
    },
  },
];

/** The same under other names. */
export const whiteLabelHeaders: Rule = {
  id: 'white-label-headers',
  group: 'accept',
  level: 'SHOULD',
  title: 'knows the scheme’s other header names',
  why: 'The same scheme is sent under other names too: webhook-* by Standard Webhooks, svix-* by Svix. A provider that switches does so without telling.',
  link: links.standard,
  sends: 'a genuine delivery with the other names of its headers',
  expects: 'success',
  remedy: 'use a library that reads both, or look for both',
  skip: oneOf(needsSignature, needsDigest, ({ record }) =>
    record?.twins?.length ? undefined : 'the scheme has one set of header names only',
  ),
  trials: (kit) =>
    (kit.record?.twins ?? []).map((names) => {
      const made = kit.fresh();
      const twin = { ...kit, record: kit.record && { ...kit.record, names } };
      return accepted(names.signature, (now) => forged(twin, made, now, {}));
    }),
};
