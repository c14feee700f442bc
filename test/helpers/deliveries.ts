import { createHmac } from 'node:crypto';
import { type Bench, judge } from '../../src/core/judge.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Headers, Received, Verdict } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';
import { providers } from '../../src/providers/index.ts';

/** The clock of the tests: 2026-11-21T10:00:00Z, ms since the epoch. */
export const now = Date.UTC(2026, 10, 21, 10);
/** The same in unix seconds, as headers carry it. */
export const second = String(now / 1000);

/** A provider by its name. */
export const provider = (name: string): Provider => providers.find((each) => each.name === name)!;
export const roastify = provider('roastify');
export const roseRocket = provider('rose-rocket');
export const shoprocket = provider('shoprocket');

/** A request as it came in. */
export const request = (headers: Headers, body: string | Uint8Array, method = 'POST'): Received => ({
  method,
  path: '/',
  headers,
  body: Buffer.from(body),
});

/** JSON comes as JSON. */
export const json = ['content-type', 'application/json'] as const;

const validate = makeValidate();

/** Judges a request as a listener with the public example secrets would, unless told otherwise. */
export const judged = (received: Received, bench: Partial<Bench> = {}): Verdict =>
  judge(received, {
    providers,
    secretsOf: ({ exampleSecret }) => [exampleSecret],
    now,
    validate,
    ...bench,
  });

/** The codes of a verdict with their severities: `error SCHEMA`. */
export const found = ({ problems }: Verdict): string[] =>
  problems.map(({ severity, code }) => `${severity} ${code}`);

/**
 * What a signer of these tests does; each part can be done wrong. It shares no code with the schemes: a few lines of
 * node:crypto, as a provider's manual would show them.
 */
export interface Signing {
  readonly key?: Uint8Array | string;
  readonly digest?: string;
  /** The bytes that come; `signed` are those that were signed, where they differ. */
  readonly body?: string | Uint8Array;
  readonly signed?: string | Uint8Array;
  readonly id?: string;
  readonly signedId?: string;
  readonly timestamp?: string;
  readonly signedTimestamp?: string;
  /** What stands before the body in what is signed. */
  readonly prefix?: (id: string, timestamp: string) => string;
  readonly write?: (digest: Buffer) => string;
}

export const roastifyBody =
  '{"eventType":"fulfillment.created","orderId":"ord_12345","status":"created","updatedAt":"2026-11-21T10:00:00Z"}';
export const roseRocketBody =
  '{"event":"order.created","order_id":"172dfbff-ebd9-4c9c-868c-cb79ef7775ed","timestamp":"2018-01-01T00:00:00Z"}';

const macOf = (digest: string, key: Uint8Array | string, ...parts: (string | Uint8Array)[]): Buffer =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac(digest, key)).digest();

/** A delivery of Roastify, signed as Svix's manual describes. */
export function fromRoastify({
  key = Buffer.from(roastify.exampleSecret.slice(6), 'base64'),
  digest = 'sha256',
  body = roastifyBody,
  signed = body,
  id = 'msg_1',
  signedId = id,
  timestamp = second,
  signedTimestamp = timestamp,
  prefix = (id, timestamp) => `${id}.${timestamp}.`,
  write = (mac) => `v1,${mac.toString('base64')}`,
}: Signing = {}): Received {
  const signature = write(macOf(digest, key, prefix(signedId, signedTimestamp), signed));
  const headers: Headers = [
    json,
    ['svix-id', id],
    ['svix-timestamp', timestamp],
    ['svix-signature', signature],
  ];
  return request(headers, body);
}

/** A delivery of Rose Rocket, signed as GitHub's manual describes. */
export function fromRoseRocket({
  key = roseRocket.exampleSecret,
  digest = 'sha256',
  body = roseRocketBody,
  signed = body,
  write = (mac) => `sha256=${mac.toString('hex')}`,
}: Signing = {}): Received {
  return request([json, ['X-Rose-Rocket-Signature', write(macOf(digest, key, signed))]], body);
}

/** A copy with one header replaced, or taken away. */
export const withHeader = (received: Received, name: string, value?: string): Received => ({
  ...received,
  headers: received.headers.flatMap(([key, old]): [string, string][] => {
    if (key.toLowerCase() !== name.toLowerCase()) return [[key, old]];
    return value === undefined ? [] : [[key, value]];
  }),
});
