import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { httpMessage } from '../core/request-text.ts';
import type { Answer, Outcome } from '../core/types.ts';
import { onAbort } from './abort.ts';
import { connectOptions, failureOf } from './connect.ts';
import { longestTimer } from './timer.ts';
import type { Message, TransportOptions } from './transport.ts';

/** How the detail of a request that was cut off begins; whatever else went wrong has other words. */
const cutWords = 'closed on purpose';

/** Whether a request was cut off as it should be: one that found no receiver was not. */
export const isCut = (answer: Answer): boolean => 'failure' in answer && answer.detail.startsWith(cutWords);

/**
 * Sends a request whose body breaks off half-way, as a sender does that dies: the head promises the whole length, half of
 * it comes, and the connection closes.
 */
export function cutOff(message: Message, options: TransportOptions, signal?: AbortSignal): Promise<Answer> {
  const bytes = Buffer.from(httpMessage(message));
  const half = bytes.length - Math.max(2, Math.ceil(message.body.length / 2));
  const started = performance.now();
  if (signal?.aborted) return Promise.resolve({ failure: 'aborted', detail: 'interrupted', ms: 0 });
  return new Promise((resolve) => {
    let connected = false;
    const socket = open(message.url, options.insecure ?? false, () => {
      connected = true;
      const detail = `${cutWords} after ${half} of ${bytes.length} bytes`;
      socket.end(bytes.subarray(0, half), (error?: Error | null) =>
        settle(error ? failureOf(error) : { failure: 'aborted', detail }),
      );
    });
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      forget();
      socket.destroy();
      resolve({ ...outcome, ms: Math.round((performance.now() - started) * 10) / 10 });
    };
    const late = () => {
      const missing = connected ? 'it was not taken' : 'no connection';
      settle({ failure: 'timeout', detail: `${missing} within ${options.timeoutMs} ms` });
    };
    const timer = setTimeout(late, Math.min(options.timeoutMs, longestTimer));
    const forget = onAbort(signal, () => settle({ failure: 'aborted', detail: 'interrupted' }));
    socket.once('error', (error) => settle(failureOf(error)));
  });
}

function open(address: string, insecure: boolean, connected: () => void): Socket {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const shared = { host, ...connectOptions(hostname, insecure) };
  return protocol === 'https:'
    ? connectTls(
        {
          ...shared,
          port: Number(port || 443),
          ...(isIP(host) ? {} : { servername: host }),
        } as ConnectionOptions,
        connected,
      )
    : connect({ ...shared, port: Number(port || 80) } as TcpNetConnectOpts, connected);
}
