import { Webhook } from 'svix';
import { readBody, type Start, serve } from '../serve.ts';

/** The package of Svix under node:http, as its manual shows it. */
export const start: Start = ({ secret }) => {
  const webhook = new Webhook(secret);
  return serve(({ act }) => async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const body = await readBody(request);
    const headers = request.headers as Record<string, string>;
    try {
      webhook.verify(body, headers);
    } catch {
      return response.writeHead(400).end();
    }
    act(headers['svix-id'] ?? headers['webhook-id']);
    return response.writeHead(204).end();
  });
};
