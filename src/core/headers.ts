import type { Headers } from './types.ts';

/** All values of a header, in wire order; the name in any letter case. */
export function headerValues(headers: Headers, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => isCalled(key, wanted)).map(([, value]) => value);
}

/** The first value of a header, or nothing. */
export function header(headers: Headers, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([key]) => isCalled(key, wanted))?.[1];
}

/** Most names differ in their length already. */
const isCalled = (name: string, wanted: string): boolean =>
  name.length === wanted.length && name.toLowerCase() === wanted;

/** `base` with `extra` on top: a header of the same name is replaced by all of its new values, in its place. */
export function withHeaders(base: Headers, extra: Headers): Headers {
  if (extra.length === 0) return base;
  const names = new Set(extra.map(([name]) => name.toLowerCase()));
  return [...base.filter(([name]) => !names.has(name.toLowerCase())), ...extra];
}

/** A flat list of names and values, as Node gives it, in pairs. */
export function headerPairs(flat: readonly string[]): Headers {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] as string, flat[i + 1] as string]);
  return pairs;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What the connection sets by itself, for each request anew. */
const computed = [
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
];

/** Whether a header may have this name (RFC 9110, 5.6.2). */
export const isHeaderName = (name: string): boolean => token.test(name);

/** Says why a header cannot be sent, or nothing. */
export function headerFault(name: string, value: string): string | undefined {
  if (!isHeaderName(name)) return 'its name has characters that no header may have';
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return 'its value has characters that no header may have';
  return computed.includes(name.toLowerCase()) ? 'it is set by the connection itself' : undefined;
}

/** What concerns one connection alone (RFC 9110, 7.6.1), and the expectation that whoever read the body has met. */
const hopByHop = [
  ...computed.filter((name) => name !== 'content-length'),
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
];

/** Headers without those of the connection they came by, and without those that its `Connection` header names. */
export function endToEnd(headers: Headers): Headers {
  const named = headerValues(headers, 'connection').flatMap((value) => value.toLowerCase().split(/[\s,]+/));
  const left = new Set([...hopByHop, ...named]);
  return headers.filter(([name]) => !left.has(name.toLowerCase()));
}
