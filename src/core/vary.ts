import { createHash } from 'node:crypto';
import { isObject, type LosslessNumber, parseExact } from './json.ts';
import { formatPath, type Path } from './path.ts';
import type { Fake } from './provider.ts';
import { schemaAt } from './schema-walk.ts';
import type { Json, JsonObject, JsonSchema } from './types.ts';

/** What a payload is varied by. */
export interface Variation {
  readonly fake: Fake;
  /** What the seed became. */
  readonly base: number;
  readonly schema: JsonSchema;
  readonly event: string;
  /** The path of the delivery's own id: it is another one in each event. */
  readonly once?: string | undefined;
}

/**
 * A payload of the same shape about another record: ids are replaced, the same id by the same one wherever it stands,
 * in every event of a seed; times move, so that the latest is now; a number that its schema bounds is drawn anew. All
 * else stays, for what hangs together in a sample would not do so any more.
 */
export function vary(payload: JsonObject, variation: Variation): JsonObject {
  const latest = Math.max(...leaves(payload).map(([path, value]) => timeOf(path, value)?.ms ?? 0));
  const shift = latest === 0 ? 0 : variation.fake.now.getTime() - latest;
  const change = (value: Json, path: Path): Json => {
    if (Array.isArray(value)) return value.map((item, index) => change(item, [...path, index]));
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value as JsonObject).map(([key, inner]) => [key, change(inner, [...path, key])]),
      );
    return changedLeaf(value, path, shift, variation);
  };
  return change(payload, []) as JsonObject;
}

type Leaf = null | boolean | number | string;

function leaves(value: Json, path: Path = []): Array<readonly [Path, Leaf]> {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (isObject(value))
    return Object.entries(value as JsonObject).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  return [[path, value as Leaf]];
}

function changedLeaf(value: Json, path: Path, shift: number, variation: Variation): Json {
  const time = timeOf(path, value as Leaf);
  if (time) return time.write(time.ms + shift);
  const schema = schemaAt(variation.schema, path);
  if (schema && ('const' in schema || 'enum' in schema)) return value;
  if (typeof value === 'string' && (uuid.test(value) || (isId(path) && idLike.test(value))))
    return otherText(value, random(variation, path, value));
  if (typeof value === 'number') return otherNumber(value, path, schema, variation);
  // Of leaves only exact numbers are objects.
  const isExact = typeof value === 'object' && value !== null;
  return isExact ? otherExact(value as unknown as LosslessNumber, path, schema, variation) : value;
}

/** An id keeps its length; what its schema bounds is drawn; all else has its digits. */
function otherExact(
  value: LosslessNumber,
  path: Path,
  schema: JsonSchema | undefined,
  variation: Variation,
): Json {
  const { value: digits } = value;
  if (isId(path) && /^[1-9]\d*$/.test(digits))
    return parseExact(otherText(digits, random(variation, path, digits))) as Json;
  const drawn = otherNumber(Number(digits), path, schema, variation);
  return drawn === Number(digits) ? (value as unknown as Json) : drawn;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** An id has a digit, and no space. */
const idLike = /^(?=.*\d)[^\s/]+$/;
const isId = (path: Path): boolean => /(?:^|[_-])(?:id|ids|key|token)$|I[dD]s?$/.test(keyOf(path));

/** The key under which a value stands; of an item its list's. */
const keyOf = (path: Path): string => String(path.findLast((key) => typeof key === 'string') ?? '');

/** Bytes that follow from the seed and the value that they replace. */
function random({ base, event, once }: Variation, path: Path, value: Json): () => number {
  const own = formatPath(path) === once ? event : '';
  let block = createHash('sha512')
    .update(`${base} ${own} ${JSON.stringify(value)}`)
    .digest();
  let used = 0;
  return () => {
    if (used === block.length) {
      block = createHash('sha512').update(block).digest();
      used = 0;
    }
    return block[used++] as number;
  };
}

const digits = '0123456789';
const hex = '0123456789abcdef';
const lower = 'abcdefghijklmnopqrstuvwxyz';

/** A text of the same form: what stands before the last "_" or "-" of an id stays, letters and digits are replaced by
 *  such ones. */
function otherText(value: string, next: () => number): string {
  const prefix = uuid.test(value) ? '' : (/^.*[_-](?=[^_-]{4})/.exec(value)?.[0] ?? '');
  const rest = value.slice(prefix.length);
  const isHex = /^[0-9a-f-]+$/i.test(rest) && /[a-f]/i.test(rest);
  const pick = (letters: string) => letters[next() % letters.length] as string;
  const other = (letter: string, index: number) => {
    // The version of a UUID stays, and so does a first digit that is none to be 0.
    if (isHex && uuid.test(value) && (index === 14 || index === 19)) return letter;
    if (/\d/.test(letter)) return isHex ? pick(hex) : index === 0 ? pick(digits.slice(1)) : pick(digits);
    if (/[a-z]/.test(letter)) return pick(isHex ? hex : lower);
    return /[A-Z]/.test(letter) ? pick(isHex ? hex : lower).toUpperCase() : letter;
  };
  const made = [...rest].map(other).join('');
  return prefix + (rest === rest.toUpperCase() ? made.toUpperCase() : made);
}

function otherNumber(
  value: number,
  path: Path,
  schema: JsonSchema | undefined,
  variation: Variation,
): number {
  const next = random(variation, path, value);
  if (Number.isSafeInteger(value) && value > 0 && isId(path))
    return Number(otherText(String(value).slice(0, 15), next));
  const { minimum, maximum, multipleOf, type } = schema ?? {};
  if (typeof minimum !== 'number' || typeof maximum !== 'number' || maximum < minimum) return value;
  const part = (next() * 256 + next()) / 65536;
  const step = typeof multipleOf === 'number' ? multipleOf : type === 'integer' ? 1 : 0.01;
  const steps = Math.floor((maximum - minimum) / step);
  // Two decimals too many of a binary fraction are cut off.
  return Number((minimum + Math.floor(part * (steps + 1)) * step).toPrecision(12));
}

/** A time as it is written. */
interface Written {
  readonly ms: number;
  readonly write: (ms: number) => Json;
}

const timeText = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?)?$/;
const timeKey = /(?:^|_)(?:at|time|timestamp|date|created|updated)$|(?:At|Time|Timestamp|Date)$/;
/** From 2001 to 2100, in seconds. */
const seconds = [1_000_000_000, 4_102_444_800] as const;

/** What a value says of a moment; nothing where it is none. */
function timeOf(path: Path, value: Leaf): Written | undefined {
  if (typeof value === 'number') return numericTime(path, value);
  if (typeof value !== 'string') return undefined;
  const [, day, gap, , fraction = '', zone = ''] = timeText.exec(value) ?? [];
  if (day === undefined) return undefined;
  const offset = minutesOf(zone) * 60_000;
  const ms = Date.parse(
    gap === undefined ? `${day}T00:00:00Z` : `${value.slice(0, 10)}T${value.slice(11, 19)}Z`,
  );
  if (Number.isNaN(ms)) return undefined;
  return {
    ms: ms - offset,
    write(moved) {
      const iso = new Date(moved + offset).toISOString();
      if (gap === undefined) return iso.slice(0, 10);
      const more =
        fraction === '' ? '' : `.${iso.slice(20, 23).padEnd(fraction.length, '0').slice(0, fraction.length)}`;
      return `${iso.slice(0, 10)}${gap}${iso.slice(11, 19)}${more}${zone}`;
    },
  };
}

function minutesOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function numericTime(path: Path, value: number): Written | undefined {
  if (!Number.isInteger(value) || !timeKey.test(keyOf(path))) return undefined;
  for (const unit of [1000, 1]) {
    const ms = value * unit;
    if (ms >= seconds[0] * 1000 && ms <= seconds[1] * 1000)
      return { ms, write: (moved) => Math.floor(moved / unit) };
  }
  return undefined;
}
