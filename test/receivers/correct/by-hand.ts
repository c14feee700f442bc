import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerOptions, ServerResponse } from 'node:http';
import { readBody, type Start, serve, type Tools } from '../serve.ts';

/** A request as it was read: what its headers say of the signature (empty where they say nothing), and its bytes. */
export interface Delivery {
  readonly request: IncomingMessage;
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Buffer;
}

// biome-ignore lint/suspicious/noExplicitAny: a body may hold anything.
export type Event = any;

/** What a receiver does with a delivery, one after the other. A mistake is one step done wrong. */
export interface Steps {
  readonly readBody: (request: IncomingMessage, kit: Kit) => Promise<Buffer>;
  readonly readHeaders: (request: IncomingMessage) => Pick<Delivery, 'id' | 'timestamp' | 'signature'>;
  /** A status to answer with before anything is checked, or nothing. */
  readonly first: (delivery: Delivery, kit: Kit) => unknown;
  readonly authentic: (delivery: Delivery, secret: string, kit: Kit) => boolean;
  readonly expected: (delivery: Delivery, secret: string, kit: Kit) => string;
  readonly key: (secret: string) => Buffer | string;
  readonly content: (delivery: Delivery) => Buffer | string;
  /** The signatures in the header that can count, without their version. */
  readonly signatures: (header: string) => string[];
  readonly same: (given: string, expected: string) => boolean;
  /** Whether a time, in unix seconds, is near enough to now. */
  readonly fresh: (timestamp: string, now: number) => boolean;
  /** Nothing when the body is not what was agreed upon. */
  readonly parse: (body: Buffer) => Event | undefined;
  /** Acts on the event; a status to answer with, or nothing for 200. */
  readonly handle: (event: Event, delivery: Delivery, kit: Kit) => unknown;
  readonly refuse: (response: ServerResponse, kit: Kit) => unknown;
}

/** What every step may use: the other steps, and what a receiver can do. */
export type Kit = Steps & Tools;

const toleranceSeconds = 5 * 60;

/** Every step done right. */
export const careful: Steps = {
  readBody: (request) => readBody(request),
  readHeaders: ({ headers }) => {
    const header = (name: string) => String(headers[`svix-${name}`] ?? headers[`webhook-${name}`] ?? '');
    return { id: header('id'), timestamp: header('timestamp'), signature: header('signature') };
  },
  first: () => undefined,
  authentic: (delivery, secret, kit) => {
    if (delivery.id === '' || delivery.timestamp === '') return false;
    const expected = kit.expected(delivery, secret, kit);
    return kit.signatures(delivery.signature).some((given) => kit.same(given, expected));
  },
  expected: (delivery, secret, kit) =>
    createHmac('sha256', kit.key(secret)).update(kit.content(delivery)).digest('base64'),
  key: (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
  content: ({ id, timestamp, body }) => Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]),
  signatures: (header) =>
    header
      .split(' ')
      .filter((signature) => signature.startsWith('v1,'))
      .map((signature) => signature.slice(3)),
  same: (given, expected) => {
    const [a, b] = [Buffer.from(given), Buffer.from(expected)];
    return a.length === b.length && timingSafeEqual(a, b);
  },
  fresh: (timestamp, now) =>
    /^\d{1,15}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= toleranceSeconds,
  parse: (body) => {
    try {
      return JSON.parse(body.toString());
    } catch {
      return undefined;
    }
  },
  handle: (_event, { id }, { act }) => act(id),
  refuse: (response) => response.writeHead(401).end(),
};

/** A receiver that takes the careful steps, but for those that are replaced. */
export const receiver =
  (replaced: Partial<Steps> = {}, options: ServerOptions = {}): Start =>
  ({ secret }) =>
    serve((tools) => {
      const kit = { ...careful, ...replaced, ...tools };
      return (request, response) => receive(request, response, secret, kit);
    }, options);

async function receive(request: IncomingMessage, response: ServerResponse, secret: string, kit: Kit) {
  const delivery = { request, ...kit.readHeaders(request), body: await kit.readBody(request, kit) };
  const early = await kit.first(delivery, kit);
  if (typeof early === 'number') return response.writeHead(early).end();
  if (request.method !== 'POST') return response.writeHead(405).end();
  const now = Math.floor(Date.now() / 1000);
  if (!kit.authentic(delivery, secret, kit) || !kit.fresh(delivery.timestamp, now)) {
    return kit.refuse(response, kit);
  }
  const event = kit.parse(delivery.body);
  if (event === undefined) return response.writeHead(400).end();
  const status = await kit.handle(event, delivery, kit);
  return response.writeHead(typeof status === 'number' ? status : 200).end();
}

/** Node's own crypto, with care: raw bytes, constant time, tolerance both ways, several signatures, both header families. */
export const start = receiver();
