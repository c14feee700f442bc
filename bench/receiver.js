import { createServer } from 'node:http';
import { Webhook } from 'svix';

// A receiver as people write it with Svix's own package: what `hooks check` is timed against.
const webhook = new Webhook(process.argv[2]);
const server = createServer(async (request, response) => {
  const body = await request.toArray().then(Buffer.concat, () => undefined);
  if (!body) return response.destroy();
  try {
    webhook.verify(body, request.headers);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit());
