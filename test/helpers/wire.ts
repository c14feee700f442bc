import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createSocketServer,
  type Server,
  type Socket,
} from 'node:net';
import { certificate, key } from './certificate.ts';

/** A server of the test's own, closed with the scope that holds it. */
export interface Serving extends AsyncDisposable {
  readonly port: number;
  readonly close: () => Promise<void>;
}

async function serving(server: Server, port = 0, host = '127.0.0.1'): Promise<Serving> {
  const sockets = new Set<Socket>();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
  }
  server.listen(port, host);
  await once(server, 'listening');
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close };
}

/** Serves HTTP. */
export const serveHttp = (listener: RequestListener, port?: number, host?: string): Promise<Serving> =>
  serving(createServer(listener), port, host);

/** Serves HTTPS with a certificate that nobody vouches for. */
export const serveHttps = (listener: RequestListener): Promise<Serving> =>
  serving(createSecureServer({ key, cert: certificate }, listener).on('tlsClientError', () => {}));

/** Serves bare connections. */
export const serveSockets = (onSocket: (socket: Socket) => void): Promise<Serving> =>
  serving(createSocketServer(onSocket));

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const { port, close } = await serveSockets(() => {});
  await close();
  return port;
}

/** What an own receiver was sent. */
export interface Caught {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A receiver that keeps what comes and answers each request with the next status, the last one repeated. */
export async function catchAll(...statuses: number[]): Promise<Serving & { readonly caught: Caught[] }> {
  const caught: Caught[] = [];
  const server = await serveHttp(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    caught.push({ method, path, headers, body: Buffer.concat(chunks) });
    response.writeHead(statuses[caught.length - 1] ?? statuses.at(-1) ?? 200).end();
  });
  return { ...server, caught };
}

/** What a server answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

type Pairs = ReadonlyArray<readonly [string, string]>;

/** Makes a request with exactly these headers, several of one name too. */
export async function ask(
  port: number,
  {
    method = 'POST',
    path = '/',
    headers = [] as Pairs,
    body = '' as string | Uint8Array,
    host = '127.0.0.1',
  } = {},
): Promise<Answered> {
  // Without its length some methods would send a body that belongs to no request.
  const grouped: Record<string, string[]> = { 'content-length': [String(Buffer.byteLength(body))] };
  for (const [name, value] of headers) grouped[name] = [...(grouped[name] ?? []), value];
  const sent = request({ host, port, method, path, headers: grouped, agent: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text };
}

/**
 * Writes bytes to a port as they are, and gives everything that comes back until the other side closes.
 * @param hangUp closes once they are written
 * @param until closes once this came back
 */
export async function talk(
  port: number,
  bytes: string | Uint8Array,
  { hangUp = false, until = undefined as string | undefined } = {},
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (until !== undefined && text.includes(until)) socket.destroy();
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => {
    if (hangUp) socket.destroy();
  });
  await closed;
  return text;
}

/** Whether this machine has IPv6 on loopback. */
export async function hasIpv6(): Promise<boolean> {
  try {
    await (await serveHttp(() => {}, 0, '::1')).close();
    return true;
  } catch {
    return false;
  }
}
