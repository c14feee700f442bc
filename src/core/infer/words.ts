import { timeWords } from '../hmac-value.ts';
import { deliveries } from '../quantity.ts';
import type { HmacScheme } from '../scheme-data.ts';
import { type Key, spaceOf } from './keys.ts';
import type { GivenSecret } from './sample.ts';

/** What is done where no record can say what was found. */
export const inCode =
  'next: declare the provider in code (`hooks provider init NAME --code`), with your own sign, verify and secretFault as its scheme';

/** Words with the captures of which they are true (their numbers, in order), where there are several and it names some. */
export function ofCaptures(words: string, numbers: readonly number[], total: number): string {
  if (total === 1 || numbers.length === 0) return words;
  if (numbers.length === total) return `each capture: ${words}`;
  return `capture${numbers.length === 1 ? '' : 's'} ${rangesOf(numbers)}: ${words}`;
}

/** `1, 3 to 5 and 9`. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  const words = ranges.flatMap(([first, last]) => {
    if (last - first > 1) return `${first} to ${last}`;
    return first === last ? `${first}` : [`${first}`, `${last}`];
  });
  return words.length === 1 ? `${words}` : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What an inferred scheme rests on: how many deliveries, and the day of the last one. */
export const seenIn = (count: number, day: string): string => `seen in ${deliveries(count)} on ${day}`;

/** Whether a scheme was written down of a single delivery, which confirms none. */
export const isOfOne = (source: string): boolean => source.startsWith(`seen in ${deliveries(1)} on `);

/** A text of the wire in quotes, line breaks seen. */
const quoted = (text: string): string => `"${text.replaceAll('\n', '\\n')}"`;

/** A record in words, a sentence each. */
export function recordWords(record: HmacScheme, key: Key): string[] {
  const { names, over, value, separator, bodyHash, url, digest } = record;
  const inside = (field: string) => (value.includes(`{${field}}`) ? 'beside the signature' : undefined);
  const time = names.timestamp ?? inside('timestamp');
  const id = names.id ?? inside('id');
  const list = separator === undefined ? '' : `, parted by ${quoted(separator)}`;
  return [
    `its value is ${quoted(value)}${list}`,
    `the key is ${keyWords(key)}`,
    ...(time === undefined
      ? []
      : [`{timestamp} is ${timeWords[record.time ?? 'seconds']}, and stands ${whereWords(time)}`]),
    ...(id === undefined ? [] : [`{id} stands ${whereWords(id)}`]),
    ...(bodyHash
      ? [`{bodyhash} is the ${bodyHash.digest.toUpperCase()} of the body in ${bodyHash.encoding}`]
      : []),
    ...(url !== undefined
      ? ['the address it is made over is the one registered with the provider, not the one that is seen']
      : []),
    ...(over.includes('{body}') || over.includes('{bodyhash}')
      ? []
      : ['the body is not signed: whoever sees one delivery can change it']),
    ...(digest === 'md5' ? ['MD5 is weak: a provider should not use it any more'] : []),
  ];
}

const whereWords = (place: string): string => (place.startsWith('beside') ? place : `in ${place}`);

/** How the secret becomes the key; never the secret. */
export function keyWords({ key, keyPrefix, ...space }: Key): string {
  const { spaceBefore = '', keySuffix = '' } = space;
  if (spaceBefore + keySuffix !== '')
    return `the text of the secret with the white space ${placesOf(spaceBefore, keySuffix).join(' and ')}; without it nothing fits`;
  if (keyPrefix === undefined)
    return key === 'utf8' ? 'the text of the secret' : `the secret, ${key}-decoded`;
  return `what follows "${keyPrefix}" in the secret, ${key === 'utf8' ? 'as text' : `${key}-decoded`}`;
}

/** White space that is a part of a key. */
export type Space = Pick<Key, 'spaceBefore' | 'keySuffix'>;

/** Where white space stands. */
const placesOf = (before: string, behind: string): string[] => [
  ...(before === '' ? [] : ['before it']),
  ...(behind === ''
    ? []
    : [`behind it${behind.includes('\n') ? ' (the line break at the end of its file)' : ''}`]),
];

/**
 * Says that a secret has white space around it, and in which form it fits.
 * @param fits what of it is a part of the key that fits; nothing where none does
 */
export function spaceWords(secrets: readonly GivenSecret[], fits?: Space): string[] {
  const spaces = secrets.map(spaceOf);
  const all = (of: 'before' | 'behind') => spaces.map((each) => each[of]).join('');
  const places = placesOf(all('before'), all('behind'));
  if (places.length === 0) return [];
  const tried = `${places.join(', ')}${places.length > 1 ? ', with both' : ''} and without`;
  const { spaceBefore = '', keySuffix = '' } = fits ?? {};
  const own = placesOf(spaceBefore, keySuffix && ' ').join(' and ');
  const which = own === '' ? 'it fits without' : `it fits only with that ${own}`;
  return [`the secret was tried with the white space ${tried}: ${fits ? which : 'none fits'}`];
}
