import express from 'express';
import { Webhook } from 'svix';
import { type Broken, type Start, serve } from '../serve.ts';

const start: Start = ({ secret }) => {
  const webhook = new Webhook(secret);
  return serve(({ act }) => {
    const app = express().set('env', 'test');
    app.use(express.json());
    app.post('/', (request, response) => {
      try {
        webhook.verify(JSON.stringify(request.body), request.headers as Record<string, string>);
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

/** The classic: Express has parsed the body, and it is written again for the check. */
export const expressJson: Broken = {
  name: 'express-json',
  provider: 'roastify',
  start,
  mistake: 'express.json() parses the body, and JSON.stringify(request.body) is checked',
  fails: ['reformatted-body', 'big-numbers', 'very-large-body', 'tampered-whitespace'],
};
