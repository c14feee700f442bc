import type { Digest, HmacRecord, SignatureForm } from '../hmac-record.ts';
import { timeText } from '../hmac-value.ts';
import type { Draft } from '../provider.ts';
import { tampered, withField } from './bodies.ts';
import { answerWords, failedAt, judgeAll } from './judge.ts';
import { type Change, forged, genuine, type Kit, type Of, signatureIn, stamp } from './kit.ts';
import { links } from './links.ts';
import type { Judgement, Message, Rule, Trial, Tried } from './rule.ts';
import {
  needsDigest,
  needsFuture,
  needsHeader,
  needsHeaderId,
  needsNumber,
  needsSeconds,
  needsSignature,
  needsSignedBody,
  needsSignedId,
  needsTime,
  needsTolerance,
  needsVersion,
  oneOf,
} from './skip.ts';

/** How a forged delivery differs from a genuine one, at the time at which it is sent. */
type Forgery = readonly [label: string, change: (made: Draft, now: number, kit: Kit) => Change];

/** A rule that is nothing but forgeries, each held against a genuine twin. */
interface Forgeries extends Omit<Rule, 'group' | 'level' | 'expects' | 'trials'> {
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

const forgery = (kit: Kit, [label, change]: Forgery, of?: Of): Trial => {
  const made = kit.fresh(of);
  return {
    label,
    expect: 'refuse',
    bad: true,
    make: (now) => forged(kit, made, now, change(made, now, kit)),
  };
};

function refuses({ forgeries, of, skip, ...rule }: Forgeries): Rule {
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

/** A message under other headers than those it came with. */
const withHeaderValue = (message: Message, name: string, value: string): Message => ({
  ...message,
  headers: message.headers.map(([key, old]) => [key, key === name ? value : old]),
});

const signatureName = ({ carrier }: Kit): string => carrier?.name ?? '';

/** Text between letters and digits: what a careless template makes of nothing. */
const absent = ['', 'undefined', 'null', 'None'] as const;

/** Whether the signature is text in which upper and lower case mean different bytes. */
const cased = ({ encoding }: HmacRecord): boolean => encoding.startsWith('base64');
const swapped = (text: string): string =>
  text.replace(/[a-z]/gi, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));

/** The digest's text without the padding of base64, which lenient decoders pass over. */
const bare = (text: string): string => text.replace(/=+$/, '');
const padding = (text: string): string => text.slice(bare(text).length);

/** Contents that leave out what the scheme signs: the body alone, id and body, time and body. */
const otherContents = ({ over, url: registered }: HmacRecord, url: string | undefined): string[] => {
  // A query that is not there leaves nothing out.
  const whole = /\?./.test(registered ?? url ?? '') ? over : over.replaceAll('{query}', '');
  return ['{body}', '{id}.{body}', '{timestamp}.{body}'].filter(
    (content) => content !== whole && (content.match(/\{\w+\}/g) ?? []).every((part) => over.includes(part)),
  );
};

const otherDigests = ({ digest }: HmacRecord): Digest[] =>
  (['md5', 'sha1', 'sha256', 'sha512'] as const).filter((each) => each !== digest);

/** What a careless receiver may take for the key: the secret's text, with and without its prefix. */
const undecoded = (
  { keyPrefix = '' }: HmacRecord,
  secret: string,
): ReadonlyArray<readonly [string, string]> => {
  const rest = secret.startsWith(keyPrefix) ? secret.slice(keyPrefix.length) : secret;
  return [
    ['the text of the secret', secret],
    ...(rest === secret ? [] : ([[`the text behind ${keyPrefix}`, rest]] as const)),
  ];
};

/** The same JSON in other bytes. */
const spacings: ReadonlyArray<readonly [label: string, write: (text: string) => string]> = [
  ['a space inside', (text) => text.replace('{', '{ ')],
  ['a space at the end', (text) => `${text} `],
];

const always =
  'compare with a constant-time function over the whole digest, such as crypto.timingSafeEqual, after a check that the lengths are equal';

export const refuseRules: readonly Rule[] = [
  refuses({
    id: 'no-signature',
    title: 'refuses what carries no signature',
    why: 'Anybody can post to a public address. A check that runs only when the header is there is no check.',
    link: links.whyVerify,
    sends: 'a delivery without its signature header, and one without any header of the scheme',
    remedy: 'refuse first when the header is missing, and go on only behind the check',
    forgeries: ({ form }) => [
      ['without the signature header', () => ({ value: () => null })],
      ...((form?.names.id ?? form?.names.timestamp)
        ? [
            [
              'without any header of the scheme',
              () => ({ value: () => null, id: null, timestamp: null }),
            ] as const,
          ]
        : []),
    ],
  }),
  refuses({
    id: 'empty-signature',
    title: 'refuses an empty signature',
    why: 'An empty header is falsy in many languages, and is then taken for none. A comparison with an empty list, or of zero bytes, succeeds.',
    link: links.cweSignature,
    sends: 'a delivery whose signature header is empty, and one whose digest is',
    remedy: 'treat an empty header as a wrong one',
    forgeries: (kit) => [
      ['an empty header', () => ({ value: () => '' })],
      ...(kit.record && kit.record.value !== '{signature}'
        ? [['an empty digest', () => ({ signature: () => '' })] as const]
        : []),
    ],
  }),
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
      const changed = (text: string) =>
        tampered(text, sparedIn(kit, text)) ?? withField(text, 'hooks_check', 'true');
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
      return [['the signature of another', () => ({ signed: { body: other.body } })]];
    },
  }),
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
  refuses({
    id: 'unsigned-content',
    title: 'refuses a signature over a part of the content',
    why: 'What is not under the signature can be changed. A receiver that also takes a digest of the body alone lets old deliveries in under a new id and time.',
    link: links.manual,
    sends: 'deliveries signed over the body alone, over id and body, over time and body',
    remedy: 'compute the digest over the one content that the provider documents',
    skip: oneOf(needsDigest, needsSignedBody, ({ record, url }) =>
      record && otherContents(record, url).length === 0 ? 'the scheme signs the body alone' : undefined,
    ),
    forgeries: ({ record, url }) =>
      record
        ? otherContents(record, url).map((over) => [`signed over ${over}`, () => ({ signed: { over } })])
        : [],
  }),
  refuses({
    id: 'undecoded-secret',
    title: 'refuses the secret’s text as the key',
    why: 'A receiver that tries the text of the secret as well has two keys where there should be one. It is the sign of a check that was bent until it passed.',
    link: links.manual,
    sends: 'deliveries keyed with the text of the secret instead of what it decodes to',
    remedy: 'decode the secret behind its prefix, and use nothing else',
    skip: oneOf(needsDigest, ({ record }) =>
      record?.key === 'utf8' ? 'the text of the secret is the key' : undefined,
    ),
    forgeries: ({ record, secret }) =>
      record
        ? undecoded(record, secret).map(([label, key]) => [
            label,
            () => ({ signed: { key: Buffer.from(key) } }),
          ])
        : [],
  }),
  refuses({
    id: 'empty-key',
    title: 'refuses an empty key',
    why: 'A secret that is not set becomes an empty one (env.SECRET ?? ""), and HMAC takes it. Then everybody knows the key.',
    link: links.cweKey,
    sends: 'a delivery signed with an empty key',
    remedy: 'end at the start when the secret is missing or empty',
    skip: needsDigest,
    forgeries: () => [['an empty key', () => ({ signed: { key: Buffer.alloc(0) } })]],
  }),
  refuses({
    id: 'stale',
    title: 'refuses what is older than the tolerance',
    why: 'A delivery that was seen once, in a log or on the way, stays correctly signed for ever. The time is what ends that.',
    link: links.windmill,
    sends: 'a correctly signed delivery, a minute older than the tolerance',
    remedy: 'refuse when the signed time is further from now than the tolerance',
    skip: needsTolerance,
    forgeries: ({ form }) => [
      ['a minute too old', (_made, now, kit) => ({ timestamp: stamp(kit, now - tolerance(form) - 60_000) })],
    ],
  }),
  refuses({
    id: 'stale-by-a-day',
    title: 'refuses what is a day old',
    why: 'A tolerance of a day, or in the wrong unit, is none. Whoever has an old log can play it again.',
    link: links.windmill,
    sends: 'a correctly signed delivery that is a day old',
    remedy: 'compare seconds with seconds',
    skip: needsTolerance,
    forgeries: () => [['a day old', (_made, now, kit) => ({ timestamp: stamp(kit, now - 86_400_000) })]],
  }),
  refuses({
    id: 'future',
    title: 'refuses what comes from the future',
    why: 'A check of one side only (now - time > 300) takes any time ahead. A delivery stamped years ahead can be played again until then.',
    link: links.standard,
    sends: 'correctly signed deliveries, a minute and a year further ahead than the tolerance',
    remedy: 'compare the absolute difference with the tolerance',
    skip: needsFuture,
    forgeries: ({ form }) =>
      (
        [
          ['a minute too far ahead', 60_000],
          ['a year ahead', 31_536_000_000],
        ] as const
      ).map(([label, more]) => [
        label,
        (_made, now, kit) => ({ timestamp: stamp(kit, now + tolerance(form) + more) }),
      ]),
  }),
  refuses({
    id: 'timestamp-missing',
    title: 'refuses what carries no time',
    why: 'A comparison with what is not there is false in most languages, so nothing is ever too old. The content then holds an empty text or the word undefined, which anybody can replay for ever.',
    link: links.cweReplay,
    sends:
      'deliveries without a time, each signed over what a careless receiver would make of it: nothing, undefined, null, None',
    remedy: 'refuse first when a header is missing',
    skip: oneOf(needsTime, needsDigest),
    forgeries: () =>
      absent.map((text) => [
        `signed over ${text === '' ? 'nothing' : text}`,
        () => ({ timestamp: null, signed: { timestamp: text } }),
      ]),
  }),
  refuses({
    id: 'id-missing',
    title: 'refuses what carries no id',
    why: 'Without an id there is nothing to tell a repetition by. The content then holds an empty text or the word undefined.',
    link: links.cweReplay,
    sends:
      'deliveries without an id, each signed over what a careless receiver would make of it: nothing, undefined, null, None',
    remedy: 'refuse first when a header is missing',
    skip: oneOf(needsSignedId, needsDigest),
    forgeries: () =>
      absent.map((text) => [
        `signed over ${text === '' ? 'nothing' : text}`,
        () => ({ id: null, signed: { id: text } }),
      ]),
  }),
  refuses({
    id: 'timestamp-garbage',
    title: 'refuses a time that is none',
    why: 'NaN is neither too old nor too new: every comparison with it is false. Parsers that stop at the first strange character read a number where there is none.',
    link: links.cweNumber,
    sends:
      'deliveries correctly signed over a time that is a word, 1e9, a fraction, digits with text behind, an ISO date',
    remedy: 'take digits only, and refuse everything else before you compare',
    skip: oneOf(needsTime, needsDigest),
    forgeries: ({ form }) => [
      ['yesterday', () => ({ timestamp: 'yesterday' })],
      ['1e9', () => ({ timestamp: '1e9' })],
      ['a fraction', (_made, now, kit) => ({ timestamp: `${stamp(kit, now)}.5` })],
      ['text behind', (_made, now, kit) => ({ timestamp: `${stamp(kit, now)}abc` })],
      ...(form?.time === 'iso'
        ? []
        : [
            [
              'an ISO date',
              (_made: Draft, now: number) => ({ timestamp: timeText({ time: 'iso' }, now) }),
            ] as const,
          ]),
    ],
  }),
  refuses({
    id: 'timestamp-ms',
    title: 'refuses a time in milliseconds',
    why: 'Taken as seconds it lies 50,000 years ahead. A receiver that guesses the unit, or checks one side only, takes it for ever.',
    link: links.standard,
    sends: 'a delivery correctly signed over a time in milliseconds',
    remedy: 'read seconds, and compare both ways',
    skip: oneOf(needsFuture, needsSeconds, needsDigest),
    forgeries: () => [
      ['milliseconds', (_made, now) => ({ timestamp: timeText({ time: 'milliseconds' }, now) })],
    ],
  }),
  refuses({
    id: 'timestamp-negative',
    title: 'refuses a negative time',
    why: 'A sign that is dropped, or an absolute value in the wrong place, turns it into a time that is right. No provider sends one.',
    link: links.cweNumber,
    sends: 'a delivery correctly signed over the present time with a minus before it',
    remedy: 'take digits only',
    skip: oneOf(needsTime, needsTolerance, needsNumber, needsDigest),
    forgeries: () => [['negative', (_made, now, kit) => ({ timestamp: `-${stamp(kit, now)}` })]],
  }),
  {
    ...refuses({
      id: 'duplicate-headers',
      title: 'refuses two wrong signature headers',
      why: 'Frameworks differ in what they make of a header that comes twice: the first, the last, a list. A check that gets a list where it expects text may find nothing wrong.',
      link: links.http,
      sends:
        'a delivery with two wrong signature headers; and one with a wrong and the right one, which is only reported',
      expects: 'any answer but success where both are wrong',
      remedy: 'refuse when the header comes more than once',
      skip: needsHeader,
      forgeries: () => [],
    }),
    trials: doubledTrials,
    conclude: concludeDoubled,
  },
  refuses({
    id: 'algorithm-confusion',
    title: 'refuses digests of other algorithms',
    why: 'The sender must not choose the algorithm. A receiver that tries several is as strong as the weakest of them.',
    link: links.cweSignature,
    sends: 'deliveries signed with the right key by MD5, SHA-1 and SHA-512',
    remedy: 'fix the algorithm in the code',
    skip: needsDigest,
    forgeries: ({ record }) =>
      record ? otherDigests(record).map((digest) => [digest, () => ({ signed: { digest } })]) : [],
  }),
  {
    ...refuses({
      id: 'signature-in-query',
      title: 'refuses a signature in the query',
      why: 'Addresses are written into logs, histories and Referer headers, and a proxy may add to them. A receiver that looks there too has a second, weaker door.',
      link: links.cweQuery,
      sends: 'a delivery whose right signature stands in the query instead of the header',
      remedy: 'read the header only; a function that looks into headers and query alike is the wrong one',
      skip: needsHeader,
      forgeries: () => [],
    }),
    trials: (kit) => {
      const made = kit.fresh();
      return [
        twinOf(kit),
        {
          label: 'in the query',
          expect: 'refuse',
          bad: true,
          make: (now) => movedToQuery(forged(kit, made, now, {}), kit),
        },
      ];
    },
  },
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

/** How far from now the signed time may be, ms. */
const tolerance = (form: SignatureForm | undefined): number => (form?.tolerance?.seconds ?? 0) * 1000;

/** Keeps as many right characters; the others are wrong. */
const wrongFrom = (right: number) => (text: string) =>
  text.slice(0, right) + text.slice(right).replace(/[A-Za-z0-9]/g, (char) => (char === '0' ? '1' : '0'));

/** The values that tell events and deliveries apart are left alone: what is changed is data. */
function sparedIn({ provider }: Kit, text: string): string[] {
  const value = JSON.parse(text);
  return [...Object.keys(provider.events), value?.timestamp, value?.updatedAt].filter(
    (each) => typeof each === 'string',
  );
}

function doubledTrials(kit: Kit): Trial[] {
  const name = signatureName(kit);
  const doubled = (
    label: string,
    expect: Trial['expect'],
    first: 'right' | 'wrong',
    second: 'right' | 'wrong',
  ): Trial => {
    const made = kit.fresh();
    const value = (which: 'right' | 'wrong', now: number) =>
      signatureIn(kit, forged(kit, made, now, which === 'right' ? {} : { secret: kit.otherSecret }));
    return {
      label,
      expect,
      ...(expect === 'refuse' ? { bad: true } : {}),
      make: (now) => {
        const message = forged(kit, made, now, { value: () => value(first, now) });
        return { ...message, headers: [...message.headers, [name, value(second, now)]] };
      },
    };
  };
  return [
    twinOf(kit),
    doubled('both wrong', 'refuse', 'wrong', 'wrong'),
    doubled('the first is right', 'any', 'right', 'wrong'),
    doubled('the second is right', 'any', 'wrong', 'right'),
  ];
}

/** Where one of the two is right, either answer is. */
function concludeDoubled(tried: readonly Tried[]): Judgement {
  const judged = judgeAll(tried);
  const taken = tried.filter(({ trial, accepted }) => trial.expect === 'any' && accepted);
  return judged.outcome === 'passed' && taken.length > 0
    ? {
        ...judged,
        reason: `with one right and one wrong it accepts (${taken.map(({ trial }) => trial.label).join(', ')}), which is fine`,
      }
    : judged;
}

/** Takes the signature out of its header and puts it into the query, under the names that people look for. */
function movedToQuery(message: Message, kit: Kit): Message {
  const name = signatureName(kit);
  const value = signatureIn(kit, message);
  const names = [...new Set([name, name.toLowerCase(), 'signature'])];
  return {
    ...message,
    headers: message.headers.filter(([key]) => key !== name),
    query: names.map((each) => `${encodeURIComponent(each)}=${encodeURIComponent(value)}`).join('&'),
  };
}
