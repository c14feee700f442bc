import { forged, signatureIn } from '../forge.ts';
import { judgeAll } from '../judge.ts';
import type { Kit } from '../kit.ts';
import { links } from '../links.ts';
import type { Judgement, Message, Rule, Trial, Tried } from '../rule.ts';
import { needsHeader } from '../skip.ts';
import { refuses, signatureName, twinOf } from './forgery.ts';

/** What carries no signature. */
export const missing: readonly Rule[] = [
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
];

/** What carries two. */
export const duplicateHeaders: Rule = {
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
};

/** What carries it elsewhere. */
export const signatureInQuery: Rule = {
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
};

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
  const names = [...new Set([name, name.toLowerCase(), 'signature', 'sig', 'hmac', 'x-signature'])];
  return {
    ...message,
    headers: message.headers.filter(([key]) => key !== name),
    query: names.map((each) => `${encodeURIComponent(each)}=${encodeURIComponent(value)}`).join('&'),
  };
}
