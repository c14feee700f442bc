import { createServer } from 'node:http';

// A bare server that reads the body and answers: what every sender here is measured against.
const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => response.end('ok'));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
// The bench that forked it may fail.
process.on('disconnect', () => process.exit());
