import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'svix';
import { onTestFinished } from 'vitest';
import { examples } from './oracle.ts';

/** A delivery as a receiver of the test's own sees it. */
export interface Visit {
  readonly number: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly id: string;
  readonly body: Buffer;
  /** What a receiver that does everything right would answer. */
  readonly right: number;
  /** The signature fits. */
  readonly genuine: boolean;
}

/** How it strays from what is right: an answer of its own, or nothing at all. */
export type Straying = (visit: Visit, response: ServerResponse) => number | 'silent' | undefined;

/** A receiver of Roastify's deliveries that does everything right, but where it is told to stray. */
export async function shop(stray: Straying = () => undefined) {
  const webhook = new Webhook(examples.roastify);
  const seen = new Set<string>();
  const visits: Visit[] = [];
  const answer = (request: IncomingMessage, body: Buffer): { right: number; genuine: boolean } => {
    if (request.method !== 'POST') return { right: 405, genuine: false };
    try {
      webhook.verify(body, request.headers as Record<string, string>);
    } catch {
      return { right: 401, genuine: false };
    }
    return { right: 204, genuine: true };
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const headers = request.headers as Record<string, string>;
    const id = headers['svix-id'] ?? headers['webhook-id'] ?? '';
    const visit = { number: visits.length + 1, headers, id, body, ...answer(request, body) };
    visits.push(visit);
    const strayed = stray(visit, response);
    if (strayed === 'silent') return;
    if (visit.genuine) seen.add(id);
    response.writeHead(strayed ?? visit.right).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/`, visits, seen, close };
}
