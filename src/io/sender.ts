import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Unanswered } from '../core/facts.ts';

/** Who waits for a reply. */
export interface Sender {
  /** Who ended the connection before the reply went out, or after: nobody yet. */
  readonly gone: Unanswered | undefined;
  /** Aborted when nobody waits any more. */
  readonly left: AbortSignal;
  /** Calls back when the reply has gone out, or the sender has left: always once, before the server is closed. */
  readonly onOver: (tell: () => void) => void;
}

/** A sender, whose leaving most replies never ask for: a signal costs more than all else that is kept of a request. */
export class Waiting implements Sender {
  gone: Unanswered | undefined;
  #controller: AbortController | undefined;
  #tell: (() => void) | undefined;

  get left(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.gone) this.#controller.abort();
    return this.#controller.signal;
  }

  readonly onOver = (tell: () => void): void => {
    if (this.gone) tell();
    else this.#tell = tell;
  };

  /** A connection that closes closes its response within the same event, so it may be said twice. */
  leave(ended: boolean): void {
    if (this.gone) return;
    this.gone = ended ? 'listener_ended' : 'sender_left';
    this.#controller?.abort();
    this.#tell?.();
  }
}

/** Tells once that a response is over: it went out, or its connection closed; one that waits behind another hears only of that. */
export function whenOver(socket: Socket, response: ServerResponse, tell: () => void): void {
  const over = () => {
    response.off('close', over);
    socket.off('close', over);
    tell();
  };
  response.once('close', over);
  socket.once('close', over);
}
