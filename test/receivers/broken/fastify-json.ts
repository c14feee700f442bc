import { fastify } from 'fastify';
import { Webhook } from 'svix';
import { type Broken, type Start, serve } from '../serve.ts';

const start: Start = ({ secret }) => {
  const webhook = new Webhook(secret);
  return serve(async ({ act }) => {
    const app = fastify();
    app.post('/', (request, reply) => {
      const headers = request.headers as Record<string, string>;
      try {
        webhook.verify(JSON.stringify(request.body), headers);
      } catch {
        return reply.code(400).send({ error: 'invalid signature' });
      }
      act(headers['svix-id'] ?? headers['webhook-id']);
      return reply.code(204).send();
    });
    await app.ready();
    return app.routing;
  });
};

/** Fastify's own parser, and the body is written again for the check. */
export const fastifyJson: Broken = {
  name: 'fastify-json',
  provider: 'roastify',
  start,
  mistake: 'Fastify parses the body, and JSON.stringify(request.body) is checked',
  fails: ['reformatted-body', 'big-numbers', 'tampered-whitespace'],
};
