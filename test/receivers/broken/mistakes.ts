import type { ServerOptions } from 'node:http';
import { receiver, type Steps } from '../correct/by-hand.ts';
import type { Broken } from '../serve.ts';

/** A mistake: the steps that it does wrong, and what is said of it in the list. */
type Mistake = Omit<Broken, 'name' | 'provider' | 'start'> & {
  readonly steps: Partial<Steps>;
  readonly server?: ServerOptions;
};

/** Receivers by the name of their one mistake. */
export const mistakes = (
  made: Readonly<Record<string, Mistake>>,
  provider: Broken['provider'] = 'roastify',
): Broken[] =>
  Object.entries(made).map(([name, { steps, server, ...said }]) => ({
    name,
    provider,
    start: receiver(steps, server),
    ...said,
  }));
