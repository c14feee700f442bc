import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { careful, type Steps } from '../correct/by-hand.ts';
import { mistakes } from './mistakes.ts';
import { forged, odd, oddJson, unsigned, untimely } from './rules.ts';

/** Accepts what one of several ways to check accepts. */
const alsoWith = (...ways: Partial<Steps>[]): Partial<Steps> => ({
  authentic: (delivery, secret, kit) =>
    [{}, ...ways].some((way) => careful.authentic(delivery, secret, { ...kit, ...way })),
});

const digestAs =
  (algorithm: string, encoding: 'base64' | 'hex'): Steps['expected'] =>
  (delivery, secret, kit) =>
    createHmac(algorithm, kit.key(secret)).update(kit.content(delivery)).digest(encoding);

/** Mistakes in what a signature is compared with, and how. */
export const signature = mistakes({
  unchecked: {
    mistake: 'checks nothing: whoever knows the address may say anything',
    steps: { authentic: () => true, fresh: () => true },
    fails: [...forged, ...untimely, ...unsigned, ...oddJson, 'timestamp-missing', 'id-missing'],
  },
  'signature-present-only': {
    mistake: 'asks only whether there is a signature',
    steps: { authentic: ({ signature }) => signature !== '' },
    fails: [...forged, 'empty-signature', 'id-missing'],
  },
  'signature-optional': {
    mistake: 'checks a signature only where there is one: if (signature && !valid)',
    steps: {
      authentic: (delivery, secret, kit) =>
        delivery.signature === '' || careful.authentic(delivery, secret, kit),
    },
    fails: unsigned,
  },
  'headers-missing-next': {
    mistake: 'hands deliveries without signature headers to the next handler, which takes them',
    steps: {
      first: ({ request, id, timestamp, signature }, { act }) => {
        if (request.method !== 'POST' || (id && timestamp && signature)) return;
        act();
        return 200;
      },
    },
    fails: [...odd, ...unsigned, 'timestamp-missing', 'id-missing'],
  },
  'two-headers-unchecked': {
    mistake: 'checks a signature that is a string, and lets pass the list that two headers make',
    steps: {
      authentic: (delivery, secret, kit) => {
        const given = delivery.request.headersDistinct['svix-signature'] ?? [];
        return given.length > 1 || careful.authentic(delivery, secret, kit);
      },
    },
    fails: ['duplicate-headers'],
  },
  'expected-starts-with-given': {
    mistake: 'asks whether the expected signature starts with the given one',
    steps: { same: (given, expected) => expected.startsWith(given) },
    fails: ['empty-signature', 'truncated-signature', 'prefix-signature'],
  },
  'given-starts-with-expected': {
    mistake: 'asks whether the given signature starts with the expected one',
    steps: { same: (given, expected) => given.startsWith(expected) },
    fails: ['extended-signature'],
  },
  'first-eight-characters': {
    mistake: 'compares the first eight characters',
    steps: { same: (given, expected) => given.slice(0, 8) === expected.slice(0, 8) },
    fails: ['truncated-signature', 'prefix-signature', 'extended-signature'],
  },
  'first-twenty-of-as-many': {
    mistake: 'compares the lengths, and then the first twenty characters alone',
    steps: {
      same: (given, expected) =>
        given.length === expected.length && given.slice(0, 20) === expected.slice(0, 20),
    },
    fails: ['prefix-signature'],
  },
  'as-long-as-the-shorter': {
    mistake: 'compares character by character up to the end of the shorter one',
    steps: { same: (given, expected) => [...given].every((each, i) => each === (expected[i] ?? each)) },
    fails: ['empty-signature', 'truncated-signature', 'prefix-signature', 'extended-signature'],
  },
  'as-long-as-expected': {
    mistake: 'compares as many bytes as the expected digest has, and none behind',
    steps: {
      same: (given, expected) => {
        const [a, b] = [Buffer.from(given, 'base64'), Buffer.from(expected, 'base64')];
        return a.length >= b.length && timingSafeEqual(a.subarray(0, b.length), b);
      },
    },
    fails: ['extended-signature'],
  },
  'found-anywhere': {
    mistake: 'looks for the expected signature anywhere in the header',
    steps: { signatures: (header) => [header], same: (header, expected) => header.includes(expected) },
    fails: ['no-version', 'wrong-version', 'extended-signature'],
  },
  'letter-case-ignored': {
    mistake: 'compares in lower case',
    steps: { same: (given, expected) => given.toLowerCase() === expected.toLowerCase() },
    fails: ['case-changed-signature'],
  },
  'version-ignored': {
    mistake: 'takes what is behind the comma, whatever the version',
    steps: { signatures: (header) => header.split(' ').map((each) => each.split(',')[1] ?? '') },
    fails: ['wrong-version'],
  },
  'version-optional': {
    mistake: 'takes a signature without its version too',
    steps: { signatures: (header) => header.split(' ').map((each) => each.replace(/^v1,/, '')) },
    fails: ['no-version'],
  },
  'first-signature-only': {
    mistake: 'looks at the first signature alone',
    steps: { signatures: (header) => careful.signatures(header.split(' ')[0] ?? '') },
    fails: ['rotated-secret-last', 'unknown-version-first'],
  },
  'last-signature-only': {
    mistake: 'looks at the last signature alone',
    steps: { signatures: (header) => careful.signatures(header.split(' ').at(-1) ?? '') },
    fails: ['rotated-secret-first'],
  },
  'unknown-version-refused': {
    mistake: 'refuses a header that holds a version which it does not know',
    steps: {
      signatures: (header) =>
        header.split(' ').every((each) => each.startsWith('v1,')) ? careful.signatures(header) : [],
    },
    fails: ['unknown-version-first'],
  },
  'secret-as-text': {
    mistake: 'uses the text of the secret as the key, without decoding it',
    steps: { key: (secret) => secret },
    fails: ['valid'],
  },
  'secret-as-text-too': {
    mistake: 'tries the text of the secret as the key when the decoded one does not fit',
    steps: alsoWith({ key: (secret) => secret }, { key: (secret) => secret.slice('whsec_'.length) }),
    fails: ['undecoded-secret'],
  },
  'empty-key-too': {
    mistake: 'tries the secret of another environment too, which is not set and so is an empty key',
    steps: alsoWith({ key: () => '' }),
    fails: ['empty-key'],
  },
  'unset-secret-too': {
    mistake: 'tries the secret of another environment too, which is not set and so is the word undefined',
    steps: alsoWith({ key: () => String(undefined) }),
    fails: ['empty-key'],
  },
  'unset-secret-decoded-too': {
    mistake: 'decodes a secret that is not set, and so is the word null',
    steps: alsoWith({ key: () => Buffer.from(String(null), 'base64') }),
    fails: ['empty-key'],
  },
  'parts-unparted-too': {
    mistake: 'joins id, time and body with nothing between when the documented content does not fit',
    steps: alsoWith({
      content: ({ id, timestamp, body }) => Buffer.concat([Buffer.from(`${id}${timestamp}`), body]),
    }),
    fails: ['unsigned-content'],
  },
  'checksum-too': {
    mistake: 'takes a mere hash of the content, which anybody can compute',
    steps: alsoWith({
      expected: (delivery, _secret, kit) =>
        createHash('sha256').update(kit.content(delivery)).digest('base64'),
    }),
    fails: ['unkeyed-digest'],
  },
  'checksum-of-body-too': {
    mistake: 'takes a checksum of the body for a signature',
    steps: alsoWith({ expected: ({ body }) => createHash('sha256').update(body).digest('base64') }),
    fails: ['unkeyed-digest'],
  },
  'sha384-too': {
    mistake: 'takes SHA-384 as well',
    steps: alsoWith({ expected: digestAs('sha384', 'base64') }),
    fails: ['algorithm-confusion'],
  },
  'body-alone-too': {
    mistake: 'still takes the signatures of an older scheme, over the body alone',
    steps: alsoWith({ content: ({ body }) => body }),
    fails: ['unsigned-content'],
  },
  'id-unsigned-too': {
    mistake: 'still takes the signatures of another scheme, over time and body',
    steps: alsoWith({
      content: ({ timestamp, body }) => Buffer.concat([Buffer.from(`${timestamp}.`), body]),
    }),
    fails: ['unsigned-content'],
  },
  'time-unsigned-too': {
    mistake: 'tries whether the signature fits without the time',
    steps: alsoWith({ content: ({ id, body }) => Buffer.concat([Buffer.from(`${id}.`), body]) }),
    fails: ['unsigned-content'],
  },
  'hex-too': {
    mistake: 'takes the digest in hex as well',
    steps: alsoWith({ expected: digestAs('sha256', 'hex') }),
    fails: ['wrong-encoding'],
  },
  'algorithms-tried': {
    mistake: 'tries one digest algorithm after the other, weak ones too',
    steps: alsoWith(...['sha512', 'sha1', 'md5'].map((name) => ({ expected: digestAs(name, 'base64') }))),
    fails: ['algorithm-confusion'],
  },
  'signature-from-query': {
    mistake: 'reads the signature from the query when the header is missing',
    steps: {
      readHeaders: (request) => {
        const read = careful.readHeaders(request);
        const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
        const named = ['signature', 'svix-signature', 'webhook-signature'].map((name) =>
          searchParams.get(name),
        );
        return { ...read, signature: read.signature || (named.find((value) => value) ?? '') };
      },
    },
    fails: ['signature-in-query'],
  },
  'sig-from-query': {
    mistake: 'reads ?sig= when the header is missing',
    steps: {
      readHeaders: (request) => {
        const read = careful.readHeaders(request);
        const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
        return { ...read, signature: read.signature || (searchParams.get('sig') ?? '') };
      },
    },
    fails: ['signature-in-query'],
  },
  'checked-once': {
    mistake: 'remembers signatures that were valid, and does not check them again',
    steps: {
      authentic: (delivery, secret, kit) => {
        const valid = kit.seen.has(delivery.signature) || careful.authentic(delivery, secret, kit);
        if (valid) kit.seen.add(delivery.signature);
        return valid;
      },
    },
    fails: ['replayed-body-new-id'],
  },
  'missing-id-is-undefined': {
    mistake: 'writes a missing id into the signed content as "undefined"',
    steps: {
      readHeaders: (request) => {
        const read = careful.readHeaders(request);
        return { ...read, id: read.id || 'undefined' };
      },
    },
    fails: ['id-missing'],
  },
  'missing-id-is-empty': {
    mistake: 'does not ask whether there is an id',
    steps: {
      authentic: (delivery, secret, kit) => {
        const expected = kit.expected(delivery, secret, kit);
        return kit.signatures(delivery.signature).some((given) => kit.same(given, expected));
      },
    },
    fails: ['id-missing'],
  },
});
