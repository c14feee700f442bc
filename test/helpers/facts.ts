import fc from 'fast-check';
import type { AttemptFact, NoticeFact, ReceivedFact } from '../../src/core/facts.ts';

const at = '2026-11-21T10:00:00.000Z';

/** Characters that could steer a terminal or mislead its reader; not line feeds and tabs, which lay text out. */
export const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Text as somebody who wishes ill would send it. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '\x1b[2J',
        '\x1b]0;title\x07',
        '\x9b31m',
        '\u202e',
        '\u2066',
        '\r',
        '\n',
        '\x7f',
        '\b',
        '\u2028',
        '😀',
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** Facts in which this text stands wherever text can come from outside. */
export const attemptFact = (text: string): AttemptFact => ({
  kind: 'attempt',
  at,
  delivery: {
    id: text,
    provider: 'roastify',
    event: text,
    url: 'http://localhost:3000/',
    headers: [['x-a', text]],
    body: text,
  },
  number: 2,
  answer: { status: 500, headers: [['x-a', text]], body: text, ms: 12.4 },
  accepted: false,
  seed: 4821,
});

export const failedFact = (text: string): AttemptFact => ({
  ...attemptFact(text),
  answer: { failure: 'reset', detail: text, ms: 3 },
});

export const receivedFact = (text: string): ReceivedFact => ({
  kind: 'received',
  at,
  received: { method: text, path: `/${text}`, headers: [[text, text]], body: text },
  verdict: {
    valid: false,
    provider: 'roastify',
    event: text,
    id: text,
    scheme: { label: 'Svix', basis: 'documented' },
    signed: false,
    problems: [
      {
        code: 'SIGNATURE_MISMATCH',
        severity: 'error',
        message: text,
        basis: 'documented',
        likely: { code: 'BODY_CRLF', message: text, remedy: text },
      },
      { code: 'SCHEMA', severity: 'warning', message: text, path: text, basis: 'assumed' },
    ],
  },
  replied: { status: 400, ms: 1 },
});

export const noticeFact = (message: string): NoticeFact => ({
  kind: 'notice',
  at,
  level: 'warning',
  code: 'HINT',
  message,
});
