import { connect } from 'node:net';
import { onAbort } from './abort.ts';
import { connectOptions, failureOf } from './connect.ts';

/** Nobody is asked for longer than this, ms. */
const longestMs = 2000;

/**
 * Whether anybody listens at an address: a connection is opened and closed. Only one that is refused says no, or our
 * interruption.
 */
export function listens({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      ...connectOptions(hostname, true),
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    });
    const settle = (there: boolean) => {
      forget();
      socket.destroy();
      resolve(there);
    };
    const forget = onAbort(signal, () => settle(false));
    socket
      .setTimeout(longestMs, () => settle(true))
      .once('connect', () => settle(true))
      .on('error', (error) => settle(failureOf(error).failure !== 'refused'));
  });
}
