import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

// A receiver that does everything right, and ends at some deliveries: of an error that nobody catches, as programs do.
const [secret, death, port = '0'] = process.argv.slice(2);
const key = Buffer.from(secret.slice('whsec_'.length), 'base64');

function isGenuine(headers, body) {
  const [id, time, signature = ''] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`svix-${name}`] ?? headers[`webhook-${name}`],
  );
  if (!id || !/^\d+$/.test(time ?? '') || Math.abs(Date.now() / 1000 - Number(time)) > 300) return false;
  const right = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
  return signature.split(' ').includes(`v1,${right}`);
}

const die = () => {
  throw new Error('nobody catches this');
};
let deliveries = 0;

/** When it ends. */
const deaths = {
  'at-null': ({ isNull }) => isNull && die(),
  'answered-null': ({ isNull, answer }) => isNull && setImmediate(die, answer(202)),
  'long-after-null': ({ isNull }) => isNull && setTimeout(die, 20),
  'at-odd-json': ({ genuine, odd }) => genuine && odd && die(),
  'at-the-100th': () => process.env.LIFE === '1' && deliveries === 100 && die(),
};

const isOdd = (body) => {
  try {
    return Object.getPrototypeOf(JSON.parse(body)) !== Object.prototype;
  } catch {
    return true;
  }
};

const server = createServer(async (request, response) => {
  deliveries += 1;
  let body;
  try {
    body = Buffer.concat(await request.toArray());
  } catch {
    if (death === 'of-a-cut-body') setImmediate(die);
    return;
  }
  const genuine = request.method === 'POST' && isGenuine(request.headers, body);
  const answer = (status) => void response.writeHead(status).end();
  deaths[death]?.({ genuine, isNull: genuine && `${body}` === 'null', odd: isOdd(`${body}`), answer });
  if (!response.headersSent) answer(request.method !== 'POST' ? 405 : genuine ? 204 : 401);
});

// What the system gives out, it may give to a connection while nobody listens: then it could not be had back.
const somePort = () => 10_000 + Math.floor(Math.random() * 20_000);
const listen = () => server.listen(Number(port) || somePort(), '127.0.0.1');
server.on('listening', () => process.send({ port: server.address().port }));
server.on('error', () => setTimeout(listen, 20));
listen();
process.on('disconnect', () => process.exit());
