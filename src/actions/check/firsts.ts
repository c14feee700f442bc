import { createHash } from 'node:crypto';
import type { Message } from '../../core/check/rule.ts';

/** Knows which messages came first: some providers have few deliveries, and one that was sent before has no effect. */
export class Firsts {
  readonly #known = new Set<string>();
  readonly #first = new WeakSet<Message>();
  #noted = 0;

  /** So many were noted. */
  get noted(): number {
    return this.#noted;
  }

  /** Notes a message that is sent. */
  note(message: Message): void {
    const { id, body } = message;
    this.#noted += 1;
    const marks = [`body ${createHash('sha256').update(body).digest('hex')}`];
    if (id !== undefined) marks.push(`id ${id}`);
    if (!marks.some((mark) => this.#known.has(mark))) this.#first.add(message);
    for (const mark of marks) this.#known.add(mark);
  }

  /** Whether neither its id nor its body had been sent when it was. */
  has(message: Message): boolean {
    return this.#first.has(message);
  }
}
