import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { onTestFinished } from 'vitest';

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

/** The loopback addresses of this machine: a container may have none of IPv6. */
export const loopbacks = hasIPv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];

/** A host as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** A TCP server on a free port that ends with the test. */
export async function tcpServer(
  handle: (socket: Socket) => void,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    handle(socket);
  });
  await listening(server, host, port);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server, '127.0.0.1', 0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A raw connection: what is written is sent as it stands, and all that comes back is kept. */
export interface Wire {
  readonly socket: Socket;
  readonly send: (bytes: string | Uint8Array) => Promise<void>;
  /** What came back so far. */
  readonly text: () => string;
  /** Everything that came, once the other side has closed. */
  readonly closed: Promise<string>;
}

export async function wire(port: number, host = '127.0.0.1'): Promise<Wire> {
  const socket = connect({ port, host, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
  const text = () => Buffer.concat(chunks).toString('latin1');
  const closed = new Promise<string>((resolve) => {
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(text()));
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return {
    socket,
    send: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    text,
    closed,
  };
}

/** Sends bytes over a connection of their own and gives everything that comes back until it is closed. */
export async function exchange(port: number, bytes: string | Uint8Array, host?: string): Promise<string> {
  const { send, closed } = await wire(port, host);
  await send(bytes);
  return closed;
}

/** A POST as it stands on the wire, after which the connection closes. */
export function post(body: string | Uint8Array, headers = '', path = '/'): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`,
    ),
    bytes,
  ]);
}

/** The status of each answer in what came back. */
export const statuses = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
