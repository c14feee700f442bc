import { provider } from '../../helpers/deliveries.ts';
import type { Steps } from '../correct/by-hand.ts';
import { readBody, refusal } from '../serve.ts';
import { mistakes } from './mistakes.ts';

/** Signs the text that is made of a body instead of the body. */
const signing = (text: (body: Buffer) => string): Partial<Steps> => ({
  content: ({ id, timestamp, body }) => `${id}.${timestamp}.${text(body)}`,
});

const known = new Set(Object.keys(provider('roastify').events));
const fields = new Set(
  Object.values(provider('roastify').events).flatMap(({ schema }) =>
    Object.keys(schema.properties as object),
  ),
);

const orNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** JSON as many parsers and printers between write its numbers. */
const numbersAgain = (text: string) =>
  text.replace(/(?<=[:[,]\s*)-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*[,}\]])/g, (digits) =>
    String(Number(digits)),
  );

/** Mistakes with the bytes of a body, and with what may stand in it. */
export const body = mistakes({
  'json-again': {
    mistake: 'signs JSON.stringify of the parsed body instead of the bytes that came',
    steps: signing((bytes) => JSON.stringify(orNothing(bytes.toString())) ?? ''),
    fails: ['reformatted-body', 'big-numbers', 'tampered-whitespace', 'deep-nesting'],
  },
  'numbers-again': {
    mistake: 'has its numbers printed anew by a proxy before it checks',
    steps: signing((bytes) => numbersAgain(bytes.toString())),
    fails: ['big-numbers'],
  },
  latin1: {
    mistake: 'reads the body as latin1 text and signs that as UTF-8',
    steps: signing((bytes) => bytes.toString('latin1')),
    fails: ['unicode'],
  },
  'ascii-only': {
    mistake: 'signs a body from which what is beyond ASCII was taken',
    steps: signing((bytes) => bytes.toString().replace(/[^\x00-\x7f]/g, '?')),
    fails: ['unicode'],
  },
  'chunks-as-text': {
    mistake: 'joins the chunks of the body as strings, so that a character on a border is lost',
    steps: {
      readBody: async (request) => {
        let text = '';
        for await (const chunk of request) text += chunk;
        return Buffer.from(text);
      },
    },
    fails: ['unicode', 'large-body', 'very-large-body', 'chunked'],
  },
  trimmed: {
    mistake: 'trims the body before it checks',
    steps: signing((bytes) => bytes.toString().trim()),
    fails: ['reformatted-body', 'tampered-whitespace'],
  },
  'line-breaks-normalised': {
    mistake: 'reads the body in text mode, which makes CRLF an LF',
    steps: signing((bytes) => bytes.toString().replaceAll('\r\n', '\n')),
    fails: ['reformatted-body'],
  },
  'limit-of-100kb': {
    mistake: 'reads 100 kB and no more, the default of several frameworks',
    steps: { readBody: (request) => readBody(request, 100 * 1024) },
    fails: ['very-large-body'],
  },
  'limit-of-16kb': {
    mistake: 'reads 16 kB and no more',
    steps: { readBody: (request) => readBody(request, 16 * 1024) },
    fails: ['large-body', 'very-large-body'],
  },
  'content-length-required': {
    mistake: 'wants a content-length, which a chunked body has not',
    steps: {
      readBody: (request) => {
        if (request.method === 'POST' && !request.headers['content-length']) throw refusal(411);
        return readBody(request);
      },
    },
    fails: ['chunked'],
  },
  'content-type-exact': {
    mistake: 'wants content-type to be application/json to the letter',
    steps: {
      first: ({ request }) =>
        request.method === 'POST' && request.headers['content-type'] !== 'application/json' ? 415 : undefined,
    },
    fails: ['content-type-charset'],
  },
  'header-names-exact': {
    mistake: 'looks for header names in one letter case',
    steps: {
      readHeaders: ({ rawHeaders }) => {
        const header = (name: string) => {
          const at = rawHeaders.findIndex(
            (each, i) => i % 2 === 0 && [`svix-${name}`, `webhook-${name}`].includes(each),
          );
          return at < 0 ? '' : (rawHeaders[at + 1] ?? '');
        };
        return { id: header('id'), timestamp: header('timestamp'), signature: header('signature') };
      },
    },
    fails: ['header-case'],
  },
  'svix-headers-only': {
    mistake: 'knows the headers of Svix under one of their two names',
    steps: {
      readHeaders: ({ headers }) => {
        const header = (name: string) => String(headers[`svix-${name}`] ?? '');
        return { id: header('id'), timestamp: header('timestamp'), signature: header('signature') };
      },
    },
    fails: ['white-label-headers'],
  },
  'strict-schema': {
    mistake: 'refuses a body with a field that it does not know',
    steps: {
      handle: (event, { id }, { act }) => {
        if (Object.keys(event ?? {}).some((key) => !fields.has(key))) return 422;
        act(id);
      },
    },
    fails: ['unknown-field'],
  },
  'unknown-event-refused': {
    mistake: 'answers 400 to an event that it does not know',
    steps: {
      handle: (event, { id }, { act }) => {
        if (!known.has(event?.eventType)) return 400;
        act(id);
      },
    },
    fails: ['unknown-event'],
  },
  'event-forgotten': {
    mistake: 'reads a field that one of the events has not',
    steps: {
      handle: (event, { id }, { act }) => {
        if (event?.eventType === 'fulfillment.declined') event.reasons.codes.map(String);
        act(id);
      },
    },
    fails: ['every-event', 'out-of-order'],
  },
});
