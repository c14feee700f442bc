import { answerWords } from '../core/check/judge.ts';
import type { Pace } from '../core/check/words.ts';
import type { CheckFact } from '../core/facts.ts';
import { clip, printableLines } from '../core/printable.ts';
import { formatSize } from '../core/quantity.ts';
import { curlLine } from '../core/request-text.ts';
import { bytesOf } from '../core/wire.ts';

/** What came back. */
export type AnswerFact = NonNullable<CheckFact['answer']>;

/** How long was waited in vain stands in the words for it already. */
const isLate = (answer: AnswerFact): boolean => 'failure' in answer && answer.failure === 'timeout';

/** `answered 401 after 12 ms`. */
export function cameWords(answer: AnswerFact): string {
  const words = answerWords(answer as Parameters<typeof answerWords>[0]);
  return isLate(answer) ? words : `${words} after ${Math.round(answer.ms)} ms`;
}

/** The beginning of an answer's body, or why there is none. */
export function bodyLines(answer: AnswerFact): string[] {
  if (isLate(answer)) return [];
  const text = 'status' in answer ? bytesOf(answer).toString().trim() : answer.detail;
  return text === '' ? [] : clip(printableLines(text), 400).split('\n').slice(0, 6);
}

/** A body longer than this is not printed, bytes. */
const longestBody = 1024;

/** What curl cannot do, as a comment; the pieces of ASCII end inside of no character. */
const paceNotes: Readonly<Record<Pace, (wide: boolean) => string | undefined>> = {
  whole: () => undefined,
  chunked: (wide) => `# in two chunks${wide ? ', the first of which ends inside of a character' : ''}`,
  split: (wide) => `# in pieces${wide ? ' that end inside of characters' : ''}, one after the other`,
  slow: () => '# in pieces, over half a second',
  cut: () => '# half of the body, after which the connection closes',
};

/** The message as a line for bash; what curl cannot do, in words. */
export function curlOf(delivery: NonNullable<CheckFact['delivery']>): string[] {
  const body = bytesOf(delivery);
  const chunked = delivery.pace === 'chunked' ? [['Transfer-Encoding', 'chunked'] as const] : [];
  const headers = [...delivery.headers, ...chunked];
  const whole = body.length <= longestBody;
  const shown = { ...delivery, headers, body: whole ? body : Buffer.from('@body') };
  const line = curlLine(shown).replace("--data-raw '@body'", '--data-binary @body');
  const note = paceNotes[delivery.pace ?? 'whole'](body.some((byte) => byte >= 0xc0));
  const notes = [
    ...(whole ? [] : [`# body: ${formatSize(body.length)}, which --json prints`]),
    ...(note === undefined ? [] : [note]),
  ];
  return [...line.split('\n'), ...notes];
}
