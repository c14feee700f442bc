import { header } from '../headers.ts';
import type { HmacScheme } from '../scheme-data.ts';
import type { Content } from './contents.ts';
import { fits } from './fits.ts';
import type { Key } from './keys.ts';
import { type Meaning, timeOf } from './parts.ts';
import type { Sample } from './sample.ts';
import type { Hit } from './search.ts';
import type { Token } from './tokens.ts';

/** Every record that a hit may mean, and that fits the delivery it was found in; the likely ones first. */
export function recordsOf(hit: Hit, sample: Sample, body = sample.received.body): HmacScheme[] {
  return hit.tokens.flatMap((token) =>
    meaningsOf(hit.content).flatMap((meanings) => {
      const record = recordOf(hit, token, meanings);
      return record && fits(record, sample, hit.key.bytes, body) ? [record] : [];
    }),
  );
}

/** One meaning of each part, in every way. */
function meaningsOf({ parts }: Content): Meaning[][] {
  return parts.reduce<Meaning[][]>(
    (all, { meanings }) => all.flatMap((start) => meanings.map((meaning) => [...start, meaning])),
    [[]],
  );
}

function recordOf(
  { content, digest, key }: Hit,
  token: Token,
  meanings: readonly Meaning[],
): HmacScheme | undefined {
  const layout = layoutOf(token, content, meanings);
  return (
    layout && {
      kind: 'hmac',
      label: labelOf(digest, layout),
      ...told,
      ...layout,
      digest,
      key: key.key,
      ...prefixOf(key),
    }
  );
}

/** What it rests on is written when all deliveries have been seen. */
const told = { basis: 'observed', source: '' } as const;

const prefixOf = ({ keyPrefix, keySuffix }: Key) => ({
  ...(keyPrefix === undefined ? {} : { keyPrefix }),
  ...(keySuffix === undefined ? {} : { keySuffix }),
});

/** Where the signature stands and what it is made over; nothing where the meanings contradict each other. */
export function layoutOf({ carrier, written }: Token, content: Content, meanings: readonly Meaning[]) {
  const over = meanings.map(({ over }) => over).join(content.separator);
  const urls = new Set(meanings.flatMap(({ url }) => url ?? []));
  const hashes = meanings.flatMap(({ bodyHash }) => bodyHash ?? []);
  const own = Object.assign({}, ...meanings.map(({ names }) => names)) as { id?: string; timestamp?: string };
  const isInside = (field: 'id' | 'timestamp') => over.includes(`{${field}}`) && own[field] === undefined;
  if (urls.size > 1) return undefined;
  if (isInside('id') && written.id === undefined) return undefined;
  if (isInside('timestamp') && written.timestamp === undefined) return undefined;
  const [url] = urls;
  const value = formOf(written, isInside('id'));
  const signed = content.parts.find(({ group }) => group === 'timestamp')?.text;
  const time = signed ?? (value.includes('{timestamp}') ? written.timestamp : undefined);
  return {
    names: { signature: carrier.name, ...own },
    ...(carrier.in === 'header' ? {} : { in: carrier.in }),
    over,
    ...(hashes[0] ? { bodyHash: hashes[0] } : {}),
    ...(url === undefined ? {} : { url }),
    encoding: written.encoding,
    value,
    ...(written.separator === undefined ? {} : { separator: written.separator }),
    ...timeOf(time ?? ''),
  };
}

/** A record with how ids are made, where those in its header look alike: letters and digits, of one length. */
export function withNewId(record: HmacScheme, samples: readonly Sample[]): HmacScheme {
  const name = record.names.id;
  if (name === undefined) return record;
  const forms = samples.map(({ received }) => {
    const [, prefix = '', rest = ''] =
      /^((?:[A-Za-z]+_)?)([0-9A-Za-z]+)$/.exec(header(received.headers, name) ?? '') ?? [];
    return `${prefix} ${rest.length}`;
  });
  const [prefix = '', length] = forms[0]?.split(' ') ?? [];
  if (Number(length) < 1 || new Set(forms).size > 1) return record;
  return { ...record, newId: { prefix, length: Number(length) } };
}

/** The form of the value; an id that is not signed is no part of it. */
function formOf({ value, separator }: Token['written'], withId: boolean): string {
  if (withId || separator === undefined) return value;
  return value
    .split(separator)
    .filter((item) => !item.includes('{id}'))
    .join(separator);
}

/** `HMAC-SHA256 (hex) of "{timestamp}.{body}" in x-signature`. */
export const labelOf = (
  digest: string,
  { names, encoding, over, ...layout }: NonNullable<ReturnType<typeof layoutOf>>,
): string => {
  const place = { header: '', query: 'the query parameter ', body: 'the body field ' }[layout.in ?? 'header'];
  return `HMAC-${digest.toUpperCase()} (${encoding === 'HEX' ? 'upper-case hex' : encoding}) of "${over.replaceAll('\n', '\\n')}" in ${place}${names.signature}`;
};
