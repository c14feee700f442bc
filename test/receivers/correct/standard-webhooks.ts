import { Webhook } from 'standardwebhooks';
import { readBody, type Start, serve } from '../serve.ts';

/** The package of the Standard Webhooks specification, given the headers of Svix under the names that it knows. */
export const start: Start = ({ secret }) => {
  const webhook = new Webhook(secret);
  return serve(({ act }) => async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const body = await readBody(request);
    const header = (name: string) =>
      String(request.headers[`webhook-${name}`] ?? request.headers[`svix-${name}`] ?? '');
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    try {
      webhook.verify(body, Object.fromEntries(names.map((name) => [name, header(name.slice(8))])));
    } catch {
      return response.writeHead(401).end();
    }
    act(header('id'));
    return response.writeHead(200).end('ok');
  });
};
