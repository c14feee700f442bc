import type { HeaderNames } from '../../hmac-record.ts';
import type { Draft } from '../../provider.ts';
import { forged, genuine } from '../forge.ts';
import type { Kit } from '../kit.ts';
import { links } from '../links.ts';
import type { Message, Rule, Trial } from '../rule.ts';
import { needsDigest, needsHeaderId, needsProbe, needsSignedId, oneOf, type Skip } from '../skip.ts';
import { forgery, refuses, twinOf } from './forgery.ts';

/** A message under other headers than those it came with. */
const withHeaderValue = (message: Message, name: string, value: string): Message => ({
  ...message,
  headers: message.headers.map(([key, old]) => [key, key === name ? value : old]),
});

/** The header names of a scheme that has an id among them. */
type IdHeaders = HeaderNames & { readonly id: string };

/** All that the headers of a scheme may be called, where one of them is an id. */
const idHeaders = ({ form }: Kit): IdHeaders[] =>
  form
    ? [form.names, ...(form.twins ?? [])].filter((names): names is IdHeaders => names.id !== undefined)
    : [];

const needsTwinId: Skip = (kit) =>
  idHeaders(kit).length > 1 ? undefined : 'the scheme has one name for the header of its id';

/** A delivery signed under some names, with another id under each of the others. */
function besideOthers(kit: Kit, made: Draft, names: IdHeaders): Trial[] {
  const named = { ...kit, record: kit.record && { ...kit.record, names } };
  return idHeaders(kit)
    .filter(({ id }) => id !== names.id)
    .map(({ id }) => {
      const extra = [[id, kit.fresh().id ?? '']] as const;
      return {
        label: `signed with ${names.id}, another ${id} beside it`,
        expect: 'any',
        make: (now) => forged(named, made, now, { extra }),
      };
    });
}

/** What leans on something that came before, or leaves something behind. */
export const knownRules: readonly Rule[] = [
  {
    ...refuses({
      id: 'replayed-body-new-id',
      title: 'refuses an old delivery under a new id',
      why: 'Whoever saw a delivery once plays it again under an id that is not known yet. It is what the id is under the signature for.',
      link: links.cweReplay,
      sends: 'a genuine delivery, and the same headers and body again with another id',
      remedy: 'sign {id}.{timestamp}.{body} with the id from the header',
      skip: needsSignedId,
      forgeries: () => [],
    }),
    trials: (kit) => {
      const made = kit.fresh();
      const other = kit.fresh();
      const name = kit.form?.names.id ?? '';
      let sent: Message | undefined;
      return [
        {
          label: 'genuine',
          expect: 'accept',
          role: 'twin',
          make: (now) => {
            sent = genuine(kit, made, now);
            return sent;
          },
        },
        {
          label: 'the same under another id',
          expect: 'refuse',
          bad: true,
          make: (now) => withHeaderValue(sent ?? genuine(kit, made, now), name, other.id ?? ''),
        },
      ];
    },
  },
  {
    ...refuses({
      id: 'known-id-forged',
      level: 'SHOULD',
      title: 'refuses a forged delivery under a known id',
      why: 'Who looks the id up before the signature is checked answers 2xx to anybody who knows an id. It tells them that the id is real, and if anything is done it is a hole.',
      link: links.cweSignature,
      sends: 'a genuine delivery, and a forged one with another body under its id',
      expects: 'any answer but success; where effects can be seen, an effect is a failure of a MUST',
      remedy: 'check the signature first, and look the id up afterwards',
      skip: needsHeaderId,
      forgeries: () => [],
    }),
    effect: 'none',
    trials: (kit) => {
      const made = kit.fresh();
      const other = kit.fresh();
      return [
        { label: 'genuine', expect: 'accept', role: 'twin', make: (now) => genuine(kit, made, now) },
        {
          label: 'forged, the same id',
          expect: 'refuse',
          bad: true,
          make: (now) => forged(kit, { ...other, id: made.id }, now, { secret: kit.otherSecret }),
        },
      ];
    },
  },
  {
    ...refuses({
      id: 'refused-no-effect',
      title: 'does nothing before it refuses',
      why: 'Who stores, queues or sends first and checks the signature afterwards answers 401, and has done what the forger wanted. No answer shows it.',
      link: links.cweSignature,
      sends: 'a genuine delivery, to see its effect; and forged ones: another secret, no signature',
      expects: 'no effect of the forged ones; whether they are refused is judged by other rules',
      remedy: 'check the signature first; act, or hand on, only behind the check',
      skip: needsProbe,
      forgeries: () => [],
    }),
    effect: 'refused',
    effectOnly: true,
    trials: (kit) =>
      [
        twinOf(kit),
        forgery(kit, ['another secret', () => ({ secret: kit.otherSecret })]),
        forgery(kit, ['without the signature', () => ({ value: () => null })]),
      ].map((trial) => ({ ...trial, expect: trial.bad ? 'any' : trial.expect })),
  },
  {
    ...refuses({
      id: 'duplicate-unsigned-id',
      title: 'knows a delivery by the id that is signed',
      why: 'The same scheme goes by several header names, and one id only is under the signature. Who checks svix-id and remembers webhook-id does again whatever is sent again with another one beside it.',
      link: links.cweReplay,
      sends:
        'a genuine delivery; the same one again with an unsigned id beside it, in a header of the scheme’s other names; and the other way round',
      expects: 'no second effect; it may be accepted or refused',
      remedy: 'remember the id over which the signature was checked',
      skip: oneOf(needsSignedId, needsDigest, needsTwinId, needsProbe),
      forgeries: () => [],
    }),
    effect: 'none',
    effectOnly: true,
    beyond: 'duplicate',
    trials: (kit) => {
      const made = kit.fresh();
      return [
        { label: 'genuine', expect: 'accept', role: 'twin', make: (now) => genuine(kit, made, now) },
        ...idHeaders(kit).flatMap((names) => besideOthers(kit, made, names)),
      ];
    },
  },
];
