import { fastify } from 'fastify';
import { Webhook } from 'svix';
import { type Start, serve } from '../serve.ts';

/** Fastify with a parser that leaves the body raw, and the package of Svix. */
export const start: Start = ({ secret }) => {
  const webhook = new Webhook(secret);
  return serve(async ({ act }) => {
    const app = fastify({ bodyLimit: 4 * 1024 * 1024 });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/', (request, reply) => {
      const headers = request.headers as Record<string, string>;
      try {
        webhook.verify((request.body as Buffer | undefined) ?? Buffer.alloc(0), headers);
      } catch {
        return reply.code(400).send({ error: 'invalid signature' });
      }
      act(headers['svix-id'] ?? headers['webhook-id']);
      return reply.code(202).send();
    });
    await app.ready();
    return app.routing;
  });
};
