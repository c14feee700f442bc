import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver that runs on a free port of this machine. */
export interface Running {
  readonly url: string;
  /** How many deliveries it has acted upon; `GET /effects` prints the same. */
  readonly effects: () => number;
  readonly close: () => Promise<void>;
}

/** Starts a receiver that shares this secret with the sender. */
export type Start = (options: { readonly secret: string }) => Promise<Running>;

/** A receiver in the lists. */
export interface Listed {
  /** Named for what it is made with, or for its mistake. */
  readonly name: string;
  /** Whose deliveries it takes. */
  readonly provider: 'roastify' | 'shoprocket';
  readonly start: Start;
}

/** A correct receiver but for one mistake that people make. */
export interface Broken extends Listed {
  /** The mistake in a sentence. */
  readonly mistake: string;
  /** The ids of all rules of `hooks check` that it fails because of it. */
  readonly fails: readonly string[];
  /** It is gone in the middle, for good: which rule that was for is not proved. */
  readonly dies?: true;
  /** Its effects are looked at: answers alone would not tell. */
  readonly probed?: true;
  /** How long we wait for an answer, and how long the provider does, where the mistake is one of time; ms. */
  readonly timeoutMs?: number;
  readonly policyMs?: number;
}

/** What a receiver can do beside answering. */
export interface Tools {
  /** Acts on a delivery; with an id at most once for it, as an upsert does. */
  readonly act: (id?: string) => void;
  /** What it remembers: ids, or whatever it takes for such. */
  readonly seen: Set<string>;
  /** Dies as a process does: nothing answers any more. */
  readonly die: () => void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An error that a handler throws to give an answer. */
export const refusal = (status: number): Error & { status: number } =>
  Object.assign(new Error(`refused with ${status}`), { status });

/** Serves a handler, as a framework would: what it throws is the answer 500, or the status that the error holds. */
export async function serve(
  make: (tools: Tools) => Handler | Promise<Handler>,
  options: ServerOptions = {},
): Promise<Running> {
  const ids = new Set<string>();
  let effects = 0;
  const act = (id?: string) => {
    if (id !== undefined && ids.has(id)) return;
    if (id !== undefined) ids.add(id);
    effects += 1;
  };
  const die = () => {
    server.close();
    server.closeAllConnections();
  };
  const handler = await make({ act, die, seen: new Set() });
  const server = createServer(options, async (request, response) => {
    if (request.method === 'GET' && request.url === '/effects') return response.end(`${effects}\n`);
    try {
      await handler(request, response);
    } catch (error) {
      if (!response.headersSent) response.writeHead((error as { status?: number }).status ?? 500).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    die();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}/`, effects: () => effects, close };
}

const megabyte = 1024 * 1024;

/**
 * The bytes of a body.
 * @throws what is answered 413 when they are more than the limit
 */
export async function readBody(request: IncomingMessage, limit = 4 * megabyte): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw refusal(413);
  return Buffer.concat(chunks);
}
