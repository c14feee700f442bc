import type { ReceivedFact } from '../../core/facts.ts';
import type { Sender } from '../../io/sender.ts';
import type { Reply } from '../../io/server.ts';

/** Tells each delivery when its reply has gone out, or its sender has left. */
export interface Teller {
  readonly begin: (sender: Sender, answered: Promise<Answered>) => Promise<Reply>;
  /** Resolves when all that was begun has been told. */
  readonly done: () => Promise<void>;
}

/**
 * A teller to whoever wants the facts.
 * @param fault told of a delivery that cannot be told
 */
export function makeTeller(emit: (fact: ReceivedFact) => void, fault: (error: Error) => void): Teller {
  let open = 0;
  let allTold = () => {};
  const tell = async (answered: Promise<Answered>) => {
    // A fault in making the answer is answered, and told, by the server.
    const made = await answered.catch(() => undefined);
    try {
      if (made) emit(await made.fact);
    } catch (error) {
      fault(error as Error);
    }
    open -= 1;
    if (open === 0) allTold();
  };
  return {
    async begin(sender, answered) {
      open += 1;
      sender.onOver(() => void tell(answered));
      return (await answered).reply;
    },
    done: () =>
      new Promise((resolve) => {
        if (open === 0) resolve();
        else allTold = resolve;
      }),
  };
}

/** What a sender is answered, and the fact of it when all is over. */
export interface Answered {
  readonly reply: Reply;
  readonly fact: ReceivedFact | Promise<ReceivedFact>;
}
