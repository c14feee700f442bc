import { inspect } from 'node:util';
import type { Context } from '../context.ts';
import { schemaReference } from '../io/find-config.ts';
import { addProvider, checkName } from './provider-file.ts';
import type { ConfigFlags } from './settings.ts';

export interface InitFlags extends ConfigFlags {
  readonly code?: boolean;
}

/** Writes a starter; gives the exit code. */
export async function initProvider(name: string, flags: InitFlags, context: Context): Promise<number> {
  checkName(name);
  const done = flags.code
    ? addProvider(name, 'mjs', codeStarter(name), flags, context)
    : addProvider(name, 'json', (folder) => jsonStarter(name, folder), flags, context);
  for (const words of done) context.err.write(`${words}\n`);
  context.err.write(`next: fill it in, then \`hooks provider test ${name}\`\n`);
  return 0;
}

const titled = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');

/** What both starters begin with; a reader is expected to change all of it. */
const scheme = (name: string) => {
  const signature = `X-${titled(name).replaceAll(' ', '-')}-Signature`;
  return {
    kind: 'hmac',
    label: `HMAC-SHA256 (hex) of the raw body in ${signature}`,
    names: { signature },
    over: '{body}',
    digest: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    value: 'sha256={signature}',
  };
};
/** What both know of their one event. */
const event = {
  title: 'Thing Created',
  summary: 'A thing was created.',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      type: { const: 'thing.created' },
      createdAt: { type: 'string', format: 'date-time' },
      data: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    },
    required: ['id', 'type', 'createdAt', 'data'],
  },
};
const policy = { timeoutMs: 15000, accepts: '2xx', delaysMs: [60000, 600000] };

/** JSON has no comments: what is to be filled in says so itself. */
function jsonStarter(name: string, folder: string): string {
  const starter = {
    ...schemaReference('provider', folder),
    name,
    title: titled(name),
    docs: `https://${name}.example/docs/webhooks (the page that documents its webhooks)`,
    basis: 'assumed',
    source: 'say here what you know this from, and set basis to documented or observed',
    scheme: scheme(name),
    policy,
    contentType: 'application/json',
    eventAt: 'type',
    identity: ['id'],
    events: {
      'thing.created': {
        ...event,
        samples: [
          {
            id: '0b2f7a52-3f7e-4a9b-9d0e-2a4b1c8d7e61',
            type: 'thing.created',
            createdAt: '2026-01-01T00:00:00Z',
            data: { name: 'A thing' },
          },
        ],
      },
    },
  };
  return `${JSON.stringify(starter, null, 2)}\n`;
}

/** A value as it stands in a program, so many columns in. */
const code = (value: unknown, columns = 2): string =>
  inspect(value, { depth: 9, breakLength: 100, compact: 1 }).replaceAll('\n', `\n${' '.repeat(columns)}`);

const codeStarter = (
  name: string,
): string => `// A provider in code: the same keys as in JSON, and functions where data do not suffice.
export default {
  name: '${name}',
  title: '${titled(name)}',
  // The page that documents its webhooks.
  docs: 'https://${name}.example/docs/webhooks',
  // What all this rests on: documented, observed or assumed.
  basis: 'assumed',
  // How deliveries are signed, as data; or an object with the functions sign, verify and secretFault.
  scheme: ${code(scheme(name))},
  policy: ${code(policy)},
  // Where the event's name is: a path of the body, or 'header:<name>'.
  eventAt: 'type',
  // What makes a delivery the same one again.
  identity: ['id'],
  events: {
    'thing.created': {
      title: ${code(event.title)},
      summary: ${code(event.summary)},
      // What a listener judges a delivery by.
      schema: ${code(event.schema, 6)},
      // Made of nothing but the seeded faker and the clock, so that a run can be repeated to the byte.
      payload: ({ faker, now }) => ({
        id: faker.string.uuid(),
        type: 'thing.created',
        createdAt: now.toISOString(),
        data: { name: faker.commerce.productName() },
      }),
    },
  },
};
`;
