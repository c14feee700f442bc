import { connect } from 'node:net';

// The fastest client there can be here: raw sockets, one fixed request again and again, answers only counted. Prints requests
// per second: node raw-client.js PORT COUNT CONNECTIONS BYTES
const [port, count, connections, bytes] = process.argv.slice(2).map(Number);

const head = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`;
const request = Buffer.from(head + 'x'.repeat(bytes));
let left = count;

const one = () =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const next = () => {
      if (left-- > 0) socket.write(request);
      else socket.end(resolve);
    };
    socket.setNoDelay(true).on('connect', next).on('data', next).on('error', reject);
  });

const started = performance.now();
await Promise.all(Array.from({ length: connections }, one));
process.stdout.write(`${count / ((performance.now() - started) / 1000)}\n`);
