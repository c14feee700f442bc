import { gunzipSync } from 'node:zlib';
import { careful } from '../correct/by-hand.ts';
import { readBody } from '../serve.ts';
import { mistakes } from './mistakes.ts';
import { odd } from './rules.ts';

const depth = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce<number>((most, each) => Math.max(most, depth(each)), 0)
    : 0;

/** What the worker of each receiver is at, by the receiver's memory. */
const workers = new WeakMap<Set<string>, Promise<unknown>>();

/** Leaves a job to the worker: one that throws is its end. */
function queue(seen: Set<string>, job: () => unknown): void {
  const work = (workers.get(seen) ?? Promise.resolve()).then(job);
  work.catch(() => undefined);
  workers.set(seen, work);
}

const forever = new Promise(() => {});

/** Mistakes that odd, hostile or broken input finds. */
export const crash = mistakes({
  'parses-before-check': {
    mistake: 'parses before it checks, and lets the error out',
    steps: {
      first: ({ body }) => void JSON.parse(body.toString()),
    },
    fails: [
      'not-json',
      'empty-body',
      'invalid-utf8',
      'bom',
      'nul-bytes',
      'get',
      'gzip-body',
      'refuses-with-4xx',
    ],
  },
  'parse-error-let-out': {
    mistake: 'lets the error of JSON.parse out after the check',
    steps: { parse: (body) => JSON.parse(body.toString()) },
    fails: ['not-json', 'empty-body', 'invalid-utf8', 'bom', 'nul-bytes', 'gzip-body'],
  },
  'worker-ends-at-poison': {
    mistake: 'answers 202 and queues; the worker ends at what is not JSON, and nothing is handled any more',
    steps: {
      parse: (body) => body,
      handle: (body, { id }, { seen, act }) => {
        queue(seen, () => JSON.parse(body.toString()) && act(id));
        return 202;
      },
    },
    fails: ['alive'],
    probed: true,
  },
  'worker-stuck-at-poison': {
    mistake: 'answers 202 and queues; the worker tries what has no event type for ever, and all others wait',
    steps: {
      parse: (body) => body,
      handle: (body, { id }, { seen, act }) => {
        queue(seen, () => (body.includes('"eventType"') ? act(id) : forever));
        return 202;
      },
    },
    fails: ['alive'],
    probed: true,
  },
  'empty-body-awaited': {
    mistake: 'waits for a first chunk, which an empty body has not',
    steps: {
      readBody: (request) =>
        new Promise((resolve) => {
          const chunks: Buffer[] = [];
          request.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            if (chunks.length === 1) request.once('end', () => resolve(Buffer.concat(chunks)));
          });
        }),
    },
    timeoutMs: 1500,
    fails: ['empty-body', 'get', 'refuses-with-4xx'],
  },
  'object-expected': {
    mistake: 'looks for a key in what may be a number or null',
    steps: {
      handle: (event, { id }, { act }) => {
        if ('eventType' in event) act(id);
      },
    },
    fails: ['json-scalar'],
  },
  'recursion-without-end': {
    mistake: 'walks the body by recursion, however deep it is',
    steps: {
      handle: (event, { id }, { act }) => {
        depth(event);
        act(id);
      },
    },
    fails: ['deep-nesting'],
  },
  'decoder-fatal': {
    mistake: 'decodes the body strictly before the check, and lets the error out',
    steps: {
      first: ({ body }) => void new TextDecoder('utf-8', { fatal: true }).decode(body),
    },
    fails: ['invalid-utf8', 'gzip-body', 'refuses-with-4xx'],
  },
  'nul-into-database': {
    mistake: 'stores text in a database that knows no NUL, and lets its error out',
    steps: {
      handle: (_event, { id, body }, { act }) => {
        if (body.includes('\\u0000')) throw new Error('unsupported Unicode escape sequence: \\u0000');
        act(id);
      },
    },
    fails: ['nul-bytes'],
  },
  'duplicate-keys-let-out': {
    mistake: 'parses with a strict parser, whose error about a key that stands twice it lets out',
    steps: {
      handle: (event, { id, body }, { act }) => {
        const flat = body.toString().replace(/\{[^{}]*\}(?=[,}])/g, '0');
        const keys = [...flat.matchAll(/,"(\w+)":/g)].map(([, key]) => key);
        if (new Set(keys).size < keys.length) throw new Error('Map keys must be unique');
        act(event && id);
      },
    },
    fails: ['duplicate-keys'],
  },
  'dies-of-a-cut-body': {
    mistake: 'does not listen for the error of a request that breaks off, and ends',
    steps: {
      readBody: async (request, { die }) => {
        try {
          return await readBody(request);
        } catch (error) {
          die();
          throw error;
        }
      },
    },
    dies: true,
    fails: [],
  },
  'dies-of-a-forgery': {
    mistake: 'throws in a callback when a signature is invalid, and ends',
    steps: { refuse: (_response, { die }) => die() },
    dies: true,
    fails: [],
  },
  'invalid-signature-500': {
    mistake: 'lets the error of the check out: 500',
    steps: {
      refuse: () => {
        throw new Error('No matching signature found');
      },
    },
    fails: [...odd, 'refuses-with-4xx'],
  },
  'login-page': {
    mistake: 'sends whoever is not authenticated to the login page',
    steps: { refuse: (response) => response.writeHead(302, { location: '/login' }).end() },
    fails: ['refuses-with-4xx'],
  },
  'hangs-up-on-forgers': {
    mistake: 'ends the connection instead of refusing',
    steps: { refuse: (response) => response.socket?.destroy() },
    fails: [...odd, 'refuses-with-4xx'],
  },
  'get-let-out': {
    mistake: 'answers every method by the same handler, which finds no signature and lets the error out',
    steps: {
      first: ({ request }) => {
        if (request.method === 'GET')
          throw new TypeError("Cannot read properties of undefined (reading 'split')");
      },
    },
    fails: ['get'],
  },
  'content-type-let-out': {
    mistake: 'finds no parser for a content type, and lets the error out',
    steps: {
      first: ({ request }) => {
        const type = request.headers['content-type'] ?? '';
        if (request.method === 'POST' && !/^application\/(?:\w+\+)?json/i.test(type))
          throw new Error(`no parser for ${type}`);
      },
    },
    fails: ['wrong-content-type', 'refuses-with-4xx'],
  },
  'gzip-let-out': {
    mistake: 'unpacks what says that it is gzip, and lets the error out when it is not',
    steps: {
      readBody: async (request) => {
        const body = await readBody(request);
        return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      },
    },
    fails: ['gzip-body', 'refuses-with-4xx'],
  },
  'header-into-a-column': {
    mistake: 'stores the headers in a column that is too narrow for some, and lets the error out',
    server: { maxHeaderSize: 64 * 1024 },
    steps: {
      first: ({ request }) => {
        if (request.rawHeaders.some((text) => text.length > 1024))
          throw new Error('value too long for type character varying(1024)');
      },
    },
    fails: ['huge-header'],
  },
  'no-time-for-slow-senders': {
    mistake: 'ends a connection whose body is not there at once',
    steps: {
      readBody: (request, kit) => {
        const timer = setTimeout(() => request.destroy(), 250);
        return careful.readBody(request, kit).finally(() => clearTimeout(timer));
      },
    },
    fails: ['slow-body', 'refuses-with-4xx'],
  },
});
