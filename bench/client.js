import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';

/** A request as it stands on the wire. */
export const wireRequest = (body, headers = '') =>
  Buffer.from(
    `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );

/**
 * A client on raw sockets, one request after the other on each.
 * @param next gives the bytes of the n-th request
 * @returns `{perSecond, latency, refused}`: requests per second, a histogram in µs, answers that are no 200
 */
export async function ask(port, { count, connections, next }) {
  const latency = createHistogram();
  let sent = 0;
  let refused = 0;
  const started = performance.now();
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let since = 0;
      const send = () => {
        if (sent >= count) return socket.end(resolve);
        since = performance.now();
        socket.write(next(sent++));
      };
      const took = (answer) => {
        latency.record(Math.max(1, Math.round((performance.now() - since) * 1000)));
        if (answer.latin1Slice(9, 12) !== '200') refused += 1;
        send();
      };
      socket.setNoDelay(true).on('connect', send).on('data', took).on('error', reject);
    });
  await Promise.all(Array.from({ length: connections }, one));
  return { perSecond: count / ((performance.now() - started) / 1000), latency, refused };
}
