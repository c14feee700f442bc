import { createServer } from 'node:http';

// A bare server that reads the body and answers: what every sender here is measured against. With `count` it also tells,
// when asked, how many requests came in each second after the first.
const counts = [];
let first;
const count = () => {
  const now = performance.now();
  first ??= now;
  const second = Math.floor((now - first) / 1000);
  counts[second] = (counts[second] ?? 0) + 1;
};
const counting = process.argv[2] === 'count';

const server = createServer((request, response) => {
  if (counting) count();
  request.on('data', () => {});
  request.on('end', () => response.end('ok'));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('message', () => process.send?.({ counts }));
// The bench that started it may fail.
process.on('disconnect', () => process.exit());
