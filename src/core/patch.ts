import { UsageError } from '../errors.ts';
import { type ExactJson, isObject, parseExact } from './json.ts';
import { didYouMean } from './nearest.ts';
import { allPaths, formatPath, getPath, type Path, parsePath } from './path.ts';
import { schemaAt, schemaPaths } from './schema-walk.ts';
import type { JsonSchema } from './types.ts';

/** One change of a payload. */
export type Edit =
  | { readonly kind: 'set'; readonly path: Path; readonly value: string; readonly json: boolean }
  | { readonly kind: 'unset'; readonly path: Path }
  | { readonly kind: 'merge'; readonly patch: ExactJson };

type ExactObject = { [key: string]: ExactJson };

/**
 * Reads `PATH=VALUE` or `PATH:=JSON`.
 * @throws {UsageError} when it is neither
 */
export function parseSet(text: string): Edit {
  const match = /^((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"'=])+?)(:?)=(.*)$/s.exec(text);
  const path = match?.[1] && parsePath(match[1]);
  if (!match || !path)
    throw new UsageError(`--set "${text}" is not PATH=VALUE`, 'write data.items[0].name=Cup, or PATH:=JSON');
  const json = match[2] === ':';
  const value = match[3] ?? '';
  if (json) readJson(value, `--set ${match[1]}:=`);
  return { kind: 'set', path, value, json };
}

/**
 * Reads the PATH of `--unset`.
 * @throws {UsageError} when it is none
 */
export function parseUnset(text: string): Edit {
  const path = parsePath(text);
  if (!path) throw new UsageError(`--unset "${text}" is not a path`, 'write data.items[0].name');
  return { kind: 'unset', path };
}

/**
 * Reads a JSON merge patch (RFC 7396); its numbers keep their digits.
 * @throws {UsageError} when it is not JSON
 */
export const parseMerge = (text: string, from: string): Edit => ({
  kind: 'merge',
  patch: readJson(text, from),
});

function readJson(text: string, from: string): ExactJson {
  try {
    return parseExact(text);
  } catch (error) {
    const what = text.trim() === '' ? 'is empty' : `is not JSON: ${(error as Error).message}`;
    throw new UsageError(`${from} ${what}`, 'it takes JSON text, such as {"name":"Cup"} or 12');
  }
}

/** What edits are held against. */
export interface EditRules {
  readonly schema?: JsonSchema | undefined;
  /** Paths that neither the payload nor the schema has are made. */
  readonly force?: boolean;
}

/**
 * A payload with edits applied in order; the given one is left as it is.
 * @throws {UsageError} for a path that neither payload nor schema has, naming the nearest
 */
export function applyEdits(payload: ExactJson, edits: readonly Edit[], rules: EditRules): ExactJson {
  return edits.reduce((value, edit) => {
    if (edit.kind === 'merge') return mergePatch(value, edit.patch);
    checkPath(value, edit, rules);
    return edit.kind === 'set'
      ? setAt(value, edit.path, newValue(value, edit), rules)
      : unsetAt(value, edit.path);
  }, payload);
}

function checkPath(
  value: ExactJson,
  { kind, path }: Exclude<Edit, { kind: 'merge' }>,
  { schema, force }: EditRules,
): void {
  if (force || getPath(value, path) !== undefined || (schema && schemaAt(schema, path))) return;
  const known = [...allPaths(value), ...(schema ? schemaPaths(schema) : [])].map(formatPath);
  const text = formatPath(path);
  const hint = didYouMean(text, known);
  throw new UsageError(
    `the payload has no "${text}"`,
    [hint, kind === 'set' ? '(--force sets it all the same)' : undefined].filter(Boolean).join(' ') ||
      undefined,
  );
}

/** Where the present value is a string the new one stays text; otherwise it is JSON if it parses. */
function newValue(payload: ExactJson, { path, value, json }: Extract<Edit, { kind: 'set' }>): ExactJson {
  if (!json && typeof getPath(payload, path) === 'string') return value;
  try {
    return parseExact(value);
  } catch {
    return value;
  }
}

function setAt(
  here: ExactJson | undefined,
  path: Path,
  value: ExactJson,
  rules: EditRules,
  done: Path = [],
): ExactJson {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const next = (child: ExactJson | undefined) => setAt(child, rest, value, rules, [...done, key]);
  if (typeof key === 'number') {
    const list = Array.isArray(here) ? here : container<ExactJson[]>(here, [], key, rules, done);
    if (key > list.length) {
      throw new UsageError(
        `"${formatPath([...done, key])}" would leave a gap: the list has ${list.length} items`,
      );
    }
    return [...list.slice(0, key), next(list[key]), ...list.slice(key + 1)];
  }
  const object = isObject(here) ? (here as ExactObject) : container<ExactObject>(here, {}, key, rules, done);
  return withOwn(object, key, next(getPath<ExactJson>(object, [key])));
}

/** What stands in for a value that cannot hold the key. */
function container<T>(
  here: ExactJson | undefined,
  empty: T,
  key: string | number,
  { force }: EditRules,
  done: Path,
): T {
  if (here === undefined || here === null || force) return empty;
  const kind = Array.isArray(here) ? 'a list' : `a ${typeof here}`;
  throw new UsageError(`"${formatPath(done)}" is ${kind} and holds no "${key}"`, '--force replaces it');
}

function unsetAt(here: ExactJson, [key, ...rest]: Path): ExactJson {
  if (key === undefined) return here;
  if (Array.isArray(here)) {
    if (typeof key !== 'number') return here;
    return rest.length === 0
      ? here.filter((_, index) => index !== key)
      : here.map((item, index) => (index === key ? unsetAt(item, rest) : item));
  }
  if (!isObject(here) || !Object.hasOwn(here as object, key)) return here;
  if (rest.length > 0)
    return withOwn(here as ExactObject, String(key), unsetAt((here as ExactObject)[key] as ExactJson, rest));
  return Object.fromEntries(Object.entries(here as ExactObject).filter(([name]) => name !== key));
}

function mergePatch(target: ExactJson | undefined, patch: ExactJson): ExactJson {
  if (!isObject(patch)) return patch;
  // A Map keeps the keys in their places, and takes __proto__ for a key like any other.
  const merged = new Map(isObject(target) ? Object.entries(target as ExactObject) : []);
  for (const [key, value] of Object.entries(patch as ExactObject)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** A copy with one key set in its place; `__proto__` is a key like any other. */
const withOwn = (object: ExactObject, key: string, value: ExactJson): ExactObject =>
  Object.fromEntries(new Map(Object.entries(object)).set(key, value));
