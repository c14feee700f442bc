import type { Socket } from 'node:net';

/** A request that never became a delivery, and what it was answered. */
export interface Rejection {
  readonly code:
    | 'BODY_TOO_LARGE'
    | 'HEADERS_TOO_LARGE'
    | 'REQUEST_TIMEOUT'
    | 'REQUEST_ABORTED'
    | 'NOT_HTTP'
    | 'INTERNAL';
  readonly message: string;
  /** Absent where it was not read so far. */
  readonly method?: string | undefined;
}

/** What a fault of our own is told as. */
export const internal = ({ message }: Error): Rejection => ({
  code: 'INTERNAL',
  message: `a request met a fault in hooks itself and was not answered as it should: ${message}`,
});

const refusals: Readonly<Record<string, { status: string; rejection: Rejection }>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    rejection: {
      code: 'HEADERS_TOO_LARGE',
      message: 'a request had larger headers than are taken, and was answered 431',
    },
  },
  HPE_INVALID_EOF_STATE: {
    status: '400 Bad Request',
    rejection: { code: 'REQUEST_ABORTED', message: 'a request was cut off before it was complete' },
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    rejection: {
      code: 'REQUEST_TIMEOUT',
      message: 'a request took too long to arrive, and was answered 408',
    },
  },
};

/** Connections of which something was told already: that their request was cut off too is no news. */
export const refused = new WeakSet<Socket>();

/** Answers what Node's parser did not take, and tells of it. */
export function refuse(
  error: NodeJS.ErrnoException,
  socket: Socket,
  rejected: (rejection: Rejection) => void,
): void {
  // Who has opened a connection and said nothing has not begun a request.
  const silent = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0;
  if (error.code === 'ECONNRESET' || silent || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, rejection } = refusals[error.code ?? ''] ?? {
    status: '400 Bad Request',
    rejection: { code: 'NOT_HTTP', message: `what came is not HTTP, and was answered 400: ${error.message}` },
  };
  refused.add(socket);
  rejected(rejection);
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
