import { isObject } from './json.ts';

/** A place in a JSON value: keys and array indices from the top. */
export type Path = readonly (string | number)[];

const quoted = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`;
const segment = new RegExp(String.raw`(?:^|\.)(?:([^.[\]"'=]+)|${quoted})|\[(?:(\d+)|${quoted})\]`, 'sy');

/**
 * Reads `data.order_items[0].sku`; a key that has a dot is quoted: `meta."a.b"` or `meta["a.b"]`. A dot may lead, as in jq.
 * Gives nothing when the text is no path.
 */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  segment.lastIndex = 0;
  while (segment.lastIndex < text.length) {
    const match = segment.exec(text);
    if (!match) return undefined;
    const [, plain, dotted, index, bracketed] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(plain ?? unquote(dotted ?? bracketed ?? ''));
  }
  return path.length > 0 ? path : undefined;
}

const unquote = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, '$1');

/** The path as a user writes it: the inverse of `parsePath`. */
export function formatPath(path: Path): string {
  const format = (key: string | number, index: number) => {
    if (typeof key === 'number') return `[${key}]`;
    const dot = index === 0 ? '' : '.';
    return /^[^.[\]"'=\s]+$/.test(key) ? dot + key : `${dot}"${key.replace(/["\\]/g, '\\$&')}"`;
  };
  return path.map(format).join('');
}

/** The value at a path, or undefined. Reads own keys only. */
export function getPath<T>(value: T, path: Path): T | undefined {
  let here: unknown = value;
  for (const key of path) {
    if (typeof key === 'number') here = Array.isArray(here) ? here[key] : undefined;
    else
      here =
        isObject(here) && Object.hasOwn(here as object, key)
          ? (here as Record<string, unknown>)[key]
          : undefined;
  }
  return here as T | undefined;
}

/** Every path that a value has, containers included. */
export function allPaths(value: unknown, prefix: Path = []): Path[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value as object)
      : [];
  return entries.flatMap(([key, child]) => {
    const path = [...prefix, key];
    return [path, ...allPaths(child, path)];
  });
}
