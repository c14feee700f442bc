import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { headerPairs } from '../core/headers.ts';
import type { Headers, Received } from '../core/types.ts';
import { type Address, type Bound, isCut, listenOn } from './bind.ts';
import { internal, type Rejection, refuse, refused } from './rejection.ts';
import { type Sender, Waiting, whenOver } from './sender.ts';

/** What a sender may not exceed. */
export interface Limits {
  /** Bytes of a body; more is answered 413. */
  readonly bodyBytes: number;
  /** Bytes of all headers; more is answered 431. */
  readonly headerBytes: number;
  /** The time for the headers, ms; then 408. */
  readonly headersMs: number;
  /** The time for the whole request, ms; then 408. */
  readonly requestMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 1024 * 1024,
  headerBytes: 64 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
};

/** What is answered; a body may come piece by piece. */
export interface Reply {
  readonly status: number;
  /** The words behind the status; Node's own by default. */
  readonly reason?: string;
  readonly headers: Headers;
  readonly body: string | Readable;
}

export interface ServerOptions extends Address {
  readonly limits: Limits;
  readonly handle: (received: Received, sender: Sender) => Promise<Reply> | Reply;
  readonly rejected: (rejection: Rejection) => void;
}

/**
 * Serves HTTP until it is closed.
 * @throws {UsageError} when the port is taken or the address cannot be bound
 */
export const serve = (options: ServerOptions): Promise<Bound> => listenOn(options, () => makeServer(options));

function makeServer(options: ServerOptions): Server {
  const { limits, rejected } = options;
  const server: Server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      // Node itself would answer 400, and nobody would be told of it.
      requireHostHeader: false,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersMs),
    },
    (request, response) => {
      answer(request, response, server, options).catch((error: Error) => {
        rejected(internal(error));
        response.destroy();
      });
    },
  );
  // Each request of a connection waits for its end.
  server.on('connection', (socket: Socket) => socket.setMaxListeners(0));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket, rejected));
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
  options: ServerOptions,
): Promise<void> {
  const body = await readBody(request, options.limits.bodyBytes);
  if (body === 'cut') {
    if (refused.has(request.socket)) return;
    options.rejected({
      code: 'REQUEST_ABORTED',
      message: 'a request was cut off before its body was complete',
    });
    return;
  }
  if (body === 'large') {
    const message = `a body was larger than ${options.limits.bodyBytes} bytes (--max-body) and was answered 413`;
    options.rejected({ code: 'BODY_TOO_LARGE', message, method: request.method });
    // Reading on lets the sender see the answer; the time limit of the request ends what never ends.
    response.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
    response.end(
      '{"problems":[{"code":"BODY_TOO_LARGE","message":"the body is larger than this listener takes"}]}\n',
    );
    request.resume();
    return;
  }
  const received = receivedOf(request, body);
  const sender = new Waiting();
  whenOver(request.socket, response, () => sender.leave(isCut(server)));
  const reply = await handled(received, sender, options);
  // A server that is being closed waits for its connections.
  if (!server.listening) response.shouldKeepAlive = false;
  give(reply, response);
}

/** Whether an answer of a status has no body, and nothing to say of one: RFC 9110, 15.3.5 and 15.4.5. */
const isBare = (status: number): boolean => status === 204 || status === 304;

/** A body that comes piece by piece is still read to its end. */
const bare = ({ body, headers, ...rest }: Reply): Reply => ({
  ...rest,
  headers: headers.filter(([name]) => !/^content-(?:length|type)$/i.test(name)),
  body: typeof body === 'string' ? '' : body,
});

function give(reply: Reply, response: ServerResponse): void {
  const { status, reason, headers, body } = isBare(reply.status) ? bare(reply) : reply;
  if (typeof body === 'string') {
    // With its length it goes out in one piece.
    const length = isBare(status) ? [] : ['content-length', String(Buffer.byteLength(body))];
    response.writeHead(status, [...headers.flat(), ...length]).end(body);
    return;
  }
  // An answer that is passed on has its own date, or none.
  response.sendDate = false;
  response.writeHead(status, reason, headers.flat());
  // Where it breaks off the connection does too: the sender shall not take a part for the whole.
  pipeline(body, response, () => {});
}

const internalError: Reply = { status: 500, headers: [], body: '' };

/** No request ends the server: a fault of our own is answered 500 and told. */
async function handled(
  received: Received,
  sender: Sender,
  { handle, rejected }: ServerOptions,
): Promise<Reply> {
  try {
    return await handle(received, sender);
  } catch (error) {
    rejected(internal(error as Error));
    return internalError;
  }
}

function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'large' | 'cut'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve('large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        resolve('large');
      } else chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('error', () => resolve('cut'));
    request.once('close', () => resolve('cut'));
  });
}

function receivedOf({ method = '', url = '', rawHeaders }: IncomingMessage, body: Buffer): Received {
  return { method, path: url, headers: headerPairs(rawHeaders), body };
}
