import { makePatience } from '../actions/check/patience.ts';
import { politely } from '../actions/check/polite.ts';
import type { Context } from '../context.ts';
import type { Expectation, Message } from '../core/check/rule.ts';
import { withHeaders } from '../core/headers.ts';
import type { Target } from '../core/target.ts';
import type { Answer } from '../core/types.ts';
import { exchange, heldBackMs } from '../io/exchange.ts';
import type { CheckFlags, Plan } from './checking.ts';

/** Told when we wait for a receiver longer, or less long, than usual, ms. */
export interface Waiting {
  readonly slowed: (ms: number) => void;
  readonly shortened: (ms: number) => void;
}

/** Sends messages of rules to the target. */
export function openSender(
  { target, headers: added, timeoutMs }: Plan,
  { insecure = false, wait }: CheckFlags,
  { now, interrupt: signal }: Context,
  { slowed, shortened }: Waiting,
): (message: Message, expect: Expectation) => Promise<Answer> {
  const patience = makePatience(timeoutMs, shortened);
  const send = async (message: Message, expect: Expectation) => {
    const { method = 'POST', pace = 'whole', body } = message;
    const headers = withHeaders(message.headers, added);
    const answer = await exchange(
      { host: target.url, method, path: pathOf(target, message), headers, body, pace },
      { timeoutMs: patience.ms(expect), insecure, signal },
    );
    if (heldBackMs(pace) === 0) patience.note(answer);
    return answer;
  };
  return politely(send, { now, signal, slowed, waitMs: wait });
}

/** What is asked for; the host is the target's in any case. */
export const pathOf = ({ url }: Target, message: Message): string => {
  const { pathname, search } = message.url === undefined ? url : new URL(message.url);
  const own = pathname + search;
  return message.query === undefined ? own : `${own}${search === '' ? '?' : '&'}${message.query}`;
};
