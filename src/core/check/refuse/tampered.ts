import { altered, forged, stamp } from '../forge.ts';
import type { Kit } from '../kit.ts';
import { links } from '../links.ts';
import type { Rule } from '../rule.ts';
import { needsSignedBody, needsSignedId, needsTime } from '../skip.ts';
import { refuses, twinOf } from './forgery.ts';

/** The same JSON in other bytes. */
const spacings: ReadonlyArray<readonly [label: string, write: (text: string) => string]> = [
  ['a space inside', (text) => text.replace('{', '{ ')],
  ['a space at the end', (text) => `${text} `],
];

/** What was changed after it was signed, or signed for another. */
export const tamperedRules: readonly Rule[] = [
  {
    ...refuses({
      id: 'tampered-body',
      title: 'refuses a body that was changed',
      why: 'The signature is there to say that nobody changed the amount on the way. A receiver that does not check it over this body takes any.',
      link: links.cweSignature,
      sends:
        'a delivery with one digit inside a value changed after it was signed; its twin is signed over the changed body',
      remedy: 'compute the HMAC over the body that you go on to use',
      skip: needsSignedBody,
      forgeries: () => [],
    }),
    trials: (kit) => {
      const changed = (text: string) => altered(kit, text);
      const twin = twinOf(kit, { edit: changed });
      const made = kit.fresh();
      const body = Buffer.from(changed(Buffer.from(made.body).toString()));
      const change = { body, signed: { body: made.body } };
      return [
        twin,
        {
          label: 'one digit changed',
          expect: 'refuse',
          bad: true,
          make: (now) => forged(kit, made, now, change),
        },
      ];
    },
  },
  {
    ...refuses({
      id: 'tampered-whitespace',
      title: 'refuses the same JSON in other bytes',
      why: 'Whoever takes it checks the values, not the bytes: the body was parsed and written again before the check. What parsers see differently (doubled keys, big numbers) then passes unsigned.',
      link: links.rawBody,
      sends:
        'deliveries with a space added outside of any value after they were signed: behind the first brace, at the end',
      remedy: 'verify the raw body before anything parses it',
      skip: needsSignedBody,
      forgeries: () => [],
    }),
    trials: (kit) =>
      spacings.flatMap(([label, spaced]) => {
        const twin = twinOf(kit, { edit: spaced });
        const made = kit.fresh();
        const body = Buffer.from(spaced(Buffer.from(made.body).toString()));
        const change = { body, signed: { body: made.body } };
        return [
          twin,
          { label, expect: 'refuse', bad: true, make: (now) => forged(kit, made, now, change) } as const,
        ];
      }),
  },
  refuses({
    id: 'tampered-id',
    title: 'refuses an id that was changed',
    why: 'The id tells a repetition from a new delivery. If it is not under the signature, one that was seen once can be played again under any id.',
    link: links.cweReplay,
    sends: 'a delivery under another id than the signed one',
    remedy: 'sign {id}.{timestamp}.{body} with the id from the header',
    skip: needsSignedId,
    forgeries: (kit) => {
      const other = kit.fresh();
      return [['another id', (made) => ({ id: other.id ?? null, signed: { id: made.id } })]];
    },
  }),
  refuses({
    id: 'tampered-timestamp',
    title: 'refuses a time that was changed',
    why: 'The time is what makes an old delivery stale. If it is not under the signature, it can be made fresh at will.',
    link: links.cweReplay,
    sends: 'a delivery stamped a second later than it was signed',
    remedy: 'sign {id}.{timestamp}.{body} with the time from the header',
    skip: needsTime,
    forgeries: () => [
      [
        'a second later',
        (_made, now, kit) => ({
          timestamp: stamp(kit, now + 1000),
          signed: { timestamp: stamp(kit, now) },
        }),
      ],
    ],
  }),
  refuses({
    id: 'wrong-secret',
    title: 'refuses another secret',
    why: 'The secret is all that tells the provider from anybody else. Taken whoever signed, the check says nothing.',
    link: links.whyVerify,
    sends: 'a delivery signed with a secret that the receiver does not know',
    remedy:
      'act on the result of the check: an exception that is caught, or a promise that nobody awaits, refuses nothing',
    forgeries: (kit) => [['another secret', () => ({ secret: kit.otherSecret })]],
  }),
  refuses({
    id: 'other-body-signature',
    title: 'refuses a signature of another body',
    why: 'A signature that was seen once fits one body only. Where it opens the door for others, one delivery is a key for ever.',
    link: links.cweSignature,
    sends: 'a delivery with the valid signature of another',
    remedy: 'compute the HMAC over this body; keep no list of signatures that were good',
    skip: needsSignedBody,
    forgeries: (kit) => {
      const other = kit.fresh();
      return [
        ['the signature of another', (made) => ({ signed: { body: differing(kit, other.body, made.body) } })],
      ];
    },
  }),
];

/** A body that is not the other one: some providers send the same again and again. */
function differing(kit: Kit, body: Uint8Array, other: Uint8Array): Uint8Array {
  return Buffer.compare(body, other) === 0 ? Buffer.from(altered(kit, Buffer.from(body).toString())) : body;
}
