import { connect } from 'node:net';

/**
 * The fastest client there can be here: raw sockets, one fixed request again and again, answers only counted.
 * @returns requests per second
 */
export async function rawClient(port, { count, connections, body }) {
  const request = Buffer.from(
    `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  let left = count;
  const started = performance.now();
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const next = () => {
        if (left-- > 0) socket.write(request);
        else socket.end(resolve);
      };
      socket.setNoDelay(true).on('connect', next).on('data', next).on('error', reject);
    });
  await Promise.all(Array.from({ length: connections }, one));
  return count / ((performance.now() - started) / 1000);
}
