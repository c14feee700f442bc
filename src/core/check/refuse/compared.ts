import type { HmacRecord } from '../../hmac-record.ts';
import { answerWords, failedAt, judgeAll } from '../judge.ts';
import type { Kit } from '../kit.ts';
import { links } from '../links.ts';
import type { Judgement, Rule, Trial, Tried } from '../rule.ts';
import { needsDigest, needsVersion, oneOf } from '../skip.ts';
import { always, type Forgery, forgery, refuses, twinOf } from './forgery.ts';

/** Whether the signature is text in which upper and lower case mean different bytes. */
const cased = ({ encoding }: HmacRecord): boolean => encoding.startsWith('base64');
const swapped = (text: string): string =>
  text.replace(/[a-z]/gi, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));

/** The digest's text without the padding of base64, which lenient decoders pass over. */
const bare = (text: string): string => text.replace(/=+$/, '');
const padding = (text: string): string => text.slice(bare(text).length);

/** Digests that are nearly right. */
export const comparedRules: readonly Rule[] = [
  refuses({
    id: 'truncated-signature',
    title: 'refuses a part of the digest',
    why: 'A comparison over the length of what came takes one that is cut short. Each byte that may be left out makes the digest 256 times easier to guess.',
    link: links.cweCompare,
    sends: 'a delivery with a half and with three quarters of the right digest',
    remedy: always,
    skip: needsDigest,
    forgeries: () =>
      ([0.5, 0.75] as const).map((part) => [
        `${part * 100} % of the digest`,
        () => ({
          signature: (text: string) => bare(text).slice(0, Math.floor((bare(text).length * part) / 4) * 4),
        }),
      ]),
  }),
  refuses({
    id: 'prefix-signature',
    title: 'refuses the first characters of the digest',
    why: 'startsWith() and comparisons of a fixed number of characters take what shares its beginning. Four characters of hex are 65,536 guesses.',
    link: links.cweCompare,
    sends:
      'deliveries with the first 4 characters of the right digest, with 8 right ones before wrong ones, and with all right but the last 8',
    remedy: always,
    skip: needsDigest,
    forgeries: () => [
      ['4 characters', () => ({ signature: (text: string) => text.slice(0, 4) })],
      ['8 right characters, the rest wrong', () => ({ signature: wrongFrom(8) })],
      [
        'all but 8 characters right',
        () => ({ signature: (text: string) => wrongFrom(bare(text).length - 8)(text) }),
      ],
    ],
  }),
  {
    ...refuses({
      id: 'extended-signature',
      title: 'refuses a digest with more around it',
      why: 'A comparison over the expected length, or one that asks whether the header contains the digest, takes anything beside it. It shows that lengths are not compared.',
      link: links.cweCompare,
      sends:
        'deliveries whose digest has 4 more characters before it, inside of it and behind it; what a lenient decoder of base64 passes over is only reported',
      remedy: always,
      skip: needsDigest,
      forgeries: () => [],
    }),
    trials: extendedTrials,
    conclude: concludeExtended,
  },
  refuses({
    id: 'case-changed-signature',
    title: 'refuses a digest in other letter case',
    why: 'In base64 upper and lower case are different bytes. A comparison that ignores case leaves far fewer digests to guess.',
    link: links.cweCompare,
    sends: 'a delivery whose base64 digest has upper and lower case swapped',
    remedy: always,
    skip: oneOf(needsDigest, ({ record }) =>
      record && cased(record) ? undefined : 'in hex, letter case means nothing',
    ),
    forgeries: () => [['upper and lower case swapped', () => ({ signature: swapped })]],
  }),
  refuses({
    id: 'wrong-encoding',
    title: 'refuses the digest in another encoding',
    why: 'Who tries several encodings takes more than the provider ever sends, and each is a way around a check of the form. It shows that the form is not looked at.',
    link: links.standard,
    sends: 'a delivery with the right digest in hex where base64 is due, or the reverse',
    remedy: 'decode, or encode, in the one way that the provider documents',
    skip: needsDigest,
    forgeries: ({ record }) => {
      const encoding = record && cased(record) ? 'hex' : 'base64';
      return [[`as ${encoding}`, () => ({ signed: { encoding } })]];
    },
  }),
  refuses({
    id: 'no-version',
    title: 'refuses a digest without its version',
    why: 'The version says which algorithm made the digest. Where it may be left out, a weaker one that comes later may pass as this one.',
    link: links.standard,
    sends: 'a delivery with the bare digest',
    remedy: 'take only items that begin with the version you know',
    skip: needsVersion,
    forgeries: () => [['the bare digest', () => ({ value: (value) => value.replace(/v1[,=]/, '') })]],
  }),
  refuses({
    id: 'wrong-version',
    title: 'refuses a digest of another version',
    why: 'Another version is another algorithm, which you do not know. Taking it as yours undoes the reason for versions.',
    link: links.standard,
    sends: 'a delivery with the right digest as v0 and as v9',
    remedy: 'take only items that begin with the version you know',
    skip: needsVersion,
    forgeries: () =>
      ['v0', 'v9'].map((version) => [
        version,
        () => ({ value: (value: string) => value.replace(/v1(?=[,=])/, version) }),
      ]),
  }),
];

const extensions: readonly Forgery[] = [
  ['4 more characters before it', () => ({ signature: (text) => `aaaa${text}` })],
  // Before the padding: behind it, lenient decoders see nothing.
  ['4 more characters', () => ({ signature: (text) => `${bare(text)}aaaa${padding(text)}` })],
];
const behind = '4 more characters behind the padding';
const junk = 'a * in the middle';

function extendedTrials(kit: Kit): Trial[] {
  const trials = [twinOf(kit), ...extensions.map((each) => forgery(kit, each))];
  if (kit.record?.encoding !== 'base64') return trials;
  const lenient: Forgery[] = [
    [behind, () => ({ signature: (text) => `${text}aaaa` })],
    [junk, () => ({ signature: (text) => `${text.slice(0, 10)}*${text.slice(10)}` })],
  ];
  return [...trials, ...lenient.map((each) => ({ ...forgery(kit, each), expect: 'any' as const }))];
}

/** Whoever takes junk in the middle decodes leniently, and so may not see what stands behind the padding. */
function concludeExtended(tried: readonly Tried[]): Judgement {
  const judged = judgeAll(tried);
  const taken = (label: string) => tried.find(({ trial, accepted }) => trial.label === label && accepted);
  const extended = taken(behind);
  if (judged.outcome !== 'passed' || !extended) return judged;
  return taken(junk)
    ? { outcome: 'reported', reason: 'its decoder of base64 is lenient: it passes over what is none' }
    : failedAt(extended, `${behind}: ${answerWords(extended.answer)}`);
}

/** Keeps as many right characters; the others are wrong. */
const wrongFrom = (right: number) => (text: string) =>
  text.slice(0, right) + text.slice(right).replace(/[A-Za-z0-9]/g, (char) => (char === '0' ? '1' : '0'));
