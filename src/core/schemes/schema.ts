import { contentNames } from '../hmac-record.ts';
import { schemeNames } from '../scheme-data.ts';
import type { JsonSchema } from '../types.ts';

/** A JSON Schema of an object without other keys than these. */
const closed = (properties: Record<string, JsonSchema>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const text = (description: string, more: JsonSchema = {}) => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
});

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

const headerName = (description: string) => text(description, { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" });

const told = {
  basis: {
    enum: ['documented', 'observed', 'assumed'],
    default: 'assumed',
    description: 'What the scheme rests on: the provider’s own page, what was seen of it, or a guess.',
  },
  source: text('A link, or the reason for an assumption.', { default: 'declared without a source' }),
};

/** Where a signature stands, how it is written and what it covers. */
const form = {
  names: { ...ref('names'), description: 'What carries the signature, the id and the time.' },
  twins: { type: 'array', items: ref('names'), description: 'Other names that mean the same.' },
  in: {
    enum: ['header', 'query', 'body'],
    default: 'header',
    description:
      'Where names.signature stands: a header, a parameter of the query, a field at the top of the body.',
  },
  over: text(
    `The signed content, of ${contentNames.map((name) => `{${name}}`).join(', ')}: "{timestamp}.{body}".`,
  ),
  bodyHash: {
    ...closed({ digest: ref('digest'), encoding: ref('encoding') }, ['digest', 'encoding']),
    description: 'How {bodyhash} is made of the body.',
  },
  bodyHashParameter: text('The parameter of the query in which sending adds the body’s hash.'),
  url: text('The address as it is registered with the provider; else that of the target.', {
    pattern: '^https?://[^/?#]+',
  }),
  encoding: { ...ref('encoding'), description: 'How the signature is written; HEX is hex in capitals.' },
  value: text('What stands there: "sha256={signature}", "t={timestamp},v1={signature}"; {id} too.', {
    pattern: '\\{signature\\}',
  }),
  separator: text('Parts the value into items, of which several may be signatures.'),
  several: {
    type: 'boolean',
    description:
      'Values with several signatures are known to come. `check` sends none for a scheme that is observed and does not say so.',
  },
  newId: {
    ...closed(
      {
        prefix: { type: 'string' },
        length: { type: 'integer', minimum: 1, maximum: 64 },
        form: { enum: ['base62', 'uuid'], default: 'base62' },
      },
      ['prefix', 'length'],
    ),
    description: 'How an id is made: a prefix and so many characters, or a UUID.',
  },
  time: {
    enum: ['seconds', 'milliseconds', 'iso', 'http-date'],
    default: 'seconds',
    description:
      'How the time is written: since 1970, ISO 8601, or as HTTP does (Sun, 06 Nov 1994 08:49:37 GMT).',
  },
  tolerance: {
    ...closed({ seconds: { type: 'number', minimum: 0 }, future: { type: 'boolean' } }, [
      'seconds',
      'future',
    ]),
    description: 'How far from now the signed time may be; "future": false allows any time ahead.',
  },
};

const making = {
  digest: ref('digest'),
  key: {
    enum: ['utf8', 'base64', 'base64url', 'hex'],
    description: 'How the secret’s text becomes the key.',
  },
  keyPrefix: { type: 'string', description: 'Stripped from the secret before it is decoded: "whsec_".' },
  keySuffix: {
    type: 'string',
    description:
      'Put behind the text of the secret: the line break of a sender that keyed with a whole file.',
  },
  keyBytes: {
    type: 'array',
    items: { type: 'integer', minimum: 1 },
    minItems: 2,
    maxItems: 2,
    description: 'How many bytes a decoded key may have, both included.',
  },
};

const label = text('The scheme in words; made of its parts where it is not given.');
const record = { label, ...told, ...form, ...making };
const needed = ['names', 'over', 'encoding', 'value'];
const kind = (name: string) => ({ const: name });

/** What a scheme can be, by the kind that it names; a ready-made one has `use` instead. */
export const schemeKinds = ['hmac', 'token', 'basic', 'ed25519', 'none'] as const;

const definitions: Readonly<Record<string, JsonSchema>> = {
  named: {
    description: 'A ready-made scheme, and what differs from it.',
    ...closed(
      {
        use: { enum: schemeNames },
        with: {
          ...closed(record),
          minProperties: 1,
          description: 'Replaces parts of the ready-made record.',
        },
        ...told,
      },
      ['use'],
    ),
  },
  hmac: {
    description: 'An HMAC over parts of the message.',
    ...closed({ kind: kind('hmac'), ...record }, ['kind', ...needed, 'digest', 'key']),
  },
  token: {
    description: 'A secret that is sent as it is.',
    ...closed(
      {
        kind: kind('token'),
        in: { enum: ['header', 'query'] },
        name: headerName('Of the header, or of the parameter.'),
        value: text('What stands there: "Bearer {secret}".', {
          pattern: '\\{secret\\}',
          default: '{secret}',
        }),
        ...told,
      },
      ['kind', 'in', 'name'],
    ),
  },
  basic: {
    description: 'User and password; the secret is "user:password".',
    ...closed({ kind: kind('basic'), ...told }, ['kind']),
  },
  ed25519: {
    description:
      'An Ed25519 signature; the secret is the private key, whsk_…, and the public one, whpk_…, verifies.',
    ...closed({ kind: kind('ed25519'), ...told, ...form }, ['kind', ...needed]),
  },
  none: {
    description: 'No signature at all.',
    ...closed({ kind: kind('none'), ...told }, ['kind']),
  },
  names: closed(
    {
      signature: headerName('Of the header, the parameter or the field that holds the signature.'),
      id: headerName('Of the header that holds the delivery’s id.'),
      timestamp: headerName(
        'Of the header that holds the time, where it does not stand beside the signature.',
      ),
    },
    ['signature'],
  ),
  digest: { enum: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] },
  encoding: { enum: ['hex', 'HEX', 'base64', 'base64url'] },
};

/** A signing scheme as JSON; published as `docs/scheme.schema.json`, which the schema of providers refers to. */
export const schemeSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'scheme.schema.json',
  title: 'A signing scheme',
  oneOf: ['named', ...schemeKinds].map(ref),
  $defs: definitions,
};
