import type { Line } from './complete.ts';

/** A word of bash as far as it is typed. */
interface Typed {
  readonly text: string;
  /** The quote that is still open, or "". */
  readonly quote: string;
  /** So much of the text stands where it is: readline replaces what comes after the last ":" or "=", or an open quote. */
  readonly kept: number;
}

/** A line of bash up to the cursor, and what its last word is like. */
export interface BashLine extends Line {
  readonly last: Typed;
}

/** Reads the line as it stands, since bash would break words at ":" and "=". */
export function readBashLine(line: string): BashLine {
  const words = rawWords(line).map(readTyped);
  const last = words.at(-1) as Typed;
  return { before: words.slice(1, -1).map(({ text }) => text), current: last.text, last };
}

/** The words with their quotes; the last one is "" where a space ends the line. */
function rawWords(line: string): string[] {
  const word = /(?:\\.?|"(?:[^"\\]|\\.?)*"?|'[^']*'?|[^\s"'\\])+/gs;
  const words = line.match(word) ?? [];
  const end = words.length === 0 || /\s$/.test(line) ? readTyped(words.at(-1) ?? '') : undefined;
  // A space within a quote, or behind a backslash, ends nothing.
  return end && end.quote === '' && !/\\\s$/.test(line) ? [...words, ''] : words;
}

function readTyped(raw: string): Typed {
  let text = '';
  let quote = '';
  let [kept, opened] = [0, 0];
  for (let index = 0; index < raw.length; index++) {
    const char = raw.charAt(index);
    const next = raw.charAt(index + 1);
    if (char === '\\' && (quote === '' || (quote === '"' && /["\\$`]/.test(next)))) {
      text += next;
      index += 1;
    } else if (char === quote) quote = '';
    else if (quote === '' && /["']/.test(char)) {
      quote = char;
      opened = text.length;
    } else {
      text += char;
      if (quote === '' && /[:=]/.test(char)) kept = text.length;
    }
  }
  return { text, quote, kept: quote === '' ? kept : opened };
}

/** What readline is to put in place of the last word, or of the part of it that it replaces. */
export function inBash(word: string, { last: { quote, kept } }: BashLine): string {
  const rest = word.slice(kept);
  if (quote === "'") return rest.replaceAll("'", "'\\''");
  return rest.replace(quote === '"' ? /["\\$`]/g : /[^\w.:/=@%+,\u0080-\uffff-]/g, '\\$&');
}
