import { receiver, type Steps } from './by-hand.ts';

/** Reads the headers of the first family of which all are there, and looks at no other. */
export const wholeFamily =
  (...families: readonly string[]): Steps['readHeaders'] =>
  ({ headers }) => {
    const names = ['id', 'timestamp', 'signature'] as const;
    const whole = families.find((family) =>
      names.every((name) => headers[`${family}-${name}`] !== undefined),
    );
    const [id = '', timestamp = '', signature = ''] = names.map((name) =>
      String(headers[`${whole ?? families[0]}-${name}`] ?? ''),
    );
    return { id, timestamp, signature };
  };

/** Takes either family of headers, but none of both. */
export const start = receiver({ readHeaders: wholeFamily('svix', 'webhook') });
