import express from 'express';
import { Webhook } from 'svix';
import { type Start, serve } from '../serve.ts';

/** Express with the body left raw, and the package of Svix. */
export const start: Start = ({ secret }) => {
  const webhook = new Webhook(secret);
  return serve(({ act }) => {
    // As a test, it does not print what a handler throws.
    const app = express().set('env', 'test');
    app.post('/', express.raw({ type: () => true, limit: '4mb' }), (request, response) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      try {
        webhook.verify(body, request.headers as Record<string, string>);
      } catch {
        response.status(400).json({ error: 'invalid signature' });
        return;
      }
      act(request.get('svix-id') ?? request.get('webhook-id'));
      response.json({ received: true });
    });
    return app;
  });
};
