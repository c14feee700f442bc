import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Received } from '../../src/core/types.ts';
import { makeLog } from './log.ts';
import { urlHost } from './net.ts';

/** What a receiver does with a request: an answer, or a misdeed of its own. */
export type Answering =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | ((response: ServerResponse) => void);

/** Takes the request and never answers. */
export const silence: Answering = () => {};
/** Ends the connection instead of answering. */
export const hangUp: Answering = (response) => response.socket?.destroy();

/** An application under test. */
export interface Receiver {
  readonly port: number;
  readonly url: string;
  /** The requests so far, in full. */
  readonly requests: readonly Received[];
  /** Resolves when so many requests have come. */
  readonly got: (count: number) => Promise<readonly Received[]>;
}

/** Starts a receiver that gives these answers in turn, the last one again and again; it ends with the test. */
export async function receiver(
  answers: readonly Answering[] = [{ status: 200 }],
  { host = '127.0.0.1', port = 0 } = {},
): Promise<Receiver> {
  const requests = makeLog<Received>();
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const received = await readRequest(request).catch(() => undefined);
    // Its sender broke it off.
    if (received === undefined) return;
    requests.add(received);
    give(answers[Math.min(requests.items.length, answers.length) - 1]!, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://${urlHost(host)}:${bound}/`,
    requests: requests.items,
    got: requests.reaches,
  };
}

async function readRequest(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = request.rawHeaders.flatMap((name, i, all): [string, string][] =>
    i % 2 === 0 ? [[name, all[i + 1]!]] : [],
  );
  return { method: request.method ?? '', path: request.url ?? '', headers, body: Buffer.concat(chunks) };
}

function give(answer: Answering, response: ServerResponse): void {
  if (typeof answer === 'function') answer(response);
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}
