import { type Digest, type HmacRecord, keyOf } from '../../hmac-record.ts';
import { links } from '../links.ts';
import type { Rule } from '../rule.ts';
import { needsDigest, needsSignedBody, oneOf } from '../skip.ts';
import { refuses } from './forgery.ts';

/**
 * Contents that leave out what the scheme signs: the body alone, id and body, time and body; or what stands between, so
 * that nobody can tell where one part ends.
 */
const otherContents = ({ over, url: registered }: HmacRecord, url: string | undefined): string[] => {
  // A query that is not there leaves nothing out.
  const whole = /\?./.test(registered ?? url ?? '') ? over : over.replaceAll('{query}', '');
  const unparted = over.replace(/\}[^{}]+(?=\{)/g, '}');
  return ['{body}', '{id}.{body}', '{timestamp}.{body}', unparted].filter(
    (content) =>
      content !== over &&
      content !== whole &&
      (content.match(/\{\w+\}/g) ?? []).every((part) => over.includes(part)),
  );
};

const otherDigests = ({ digest }: HmacRecord): Digest[] =>
  (['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const).filter((each) => each !== digest);

/** What a secret that is not set becomes as a key: as text, and decoded where the scheme decodes. */
const unsetKeys = (record: HmacRecord): ReadonlyArray<readonly [label: string, key: Buffer]> =>
  ['undefined', 'null', 'None'].flatMap((text) => [
    [`the key "${text}"`, Buffer.from(text)] as const,
    ...(record.key === 'utf8' ? [] : [[`"${text}", decoded`, keyOf(record, text)] as const]),
  ]);

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

/** Digests over other content, or with another key. */
export const keyRules: readonly Rule[] = [
  refuses({
    id: 'unsigned-content',
    title: 'refuses a signature over other content',
    why: 'What is not under the signature can be changed. A receiver that also takes a digest of the body alone lets old deliveries in under a new id and time, one that joins the parts with nothing between lets characters wander from one to the next.',
    link: links.manual,
    sends:
      'deliveries signed over the body alone, over id and body, over time and body, over all parts with nothing between',
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
    title: 'refuses the key of a secret that is not set',
    why: 'A secret that is not set becomes an empty one (env.SECRET ?? ""), or the word undefined, null or None, and HMAC takes it. Then everybody knows the key.',
    link: links.cweKey,
    sends: 'deliveries signed with an empty key, and with the words undefined, null and None',
    remedy: 'end at the start when the secret is missing or empty',
    skip: needsDigest,
    forgeries: ({ record }) =>
      ([['an empty key', Buffer.alloc(0)], ...(record ? unsetKeys(record) : [])] as const).map(
        ([label, key]) => [label, () => ({ signed: { key } })],
      ),
  }),
];

/** Digests that are made in another way. */
export const algorithmRules: readonly Rule[] = [
  refuses({
    id: 'algorithm-confusion',
    title: 'refuses digests of other algorithms',
    why: 'The sender must not choose the algorithm. A receiver that tries several is as strong as the weakest of them.',
    link: links.cweSignature,
    sends: 'deliveries signed with the right key by MD5, SHA-1, SHA-384 and SHA-512',
    remedy: 'fix the algorithm in the code',
    skip: needsDigest,
    forgeries: ({ record }) =>
      record ? otherDigests(record).map((digest) => [digest, () => ({ signed: { digest } })]) : [],
  }),
  refuses({
    id: 'unkeyed-digest',
    title: 'refuses a hash that needs no key',
    why: 'A checksum says that nothing was damaged on the way, not who sent it. Anybody can compute one.',
    link: links.cweSignature,
    sends: 'deliveries whose signature is the mere hash of the content, and of the body',
    remedy: 'compute an HMAC with the secret: createHmac(), not createHash()',
    skip: needsDigest,
    forgeries: ({ record }) =>
      [...new Set([record?.over ?? '{body}', '{body}'])].map((over) => [
        `the hash of ${over}`,
        () => ({ signed: { over, unkeyed: true } }),
      ]),
  }),
];
