import type { ChalkInstance } from 'chalk';
import type {
  AnswerFact,
  AttemptFact,
  NoticeFact,
  ReceivedFact,
  SummaryFact,
  Unanswered,
} from '../core/facts.ts';
import { parseExact, stringifyExact } from '../core/json.ts';
import { maskFact } from '../core/mask.ts';
import { clip, printable, printableLines } from '../core/printable.ts';
import { formatSize } from '../core/quantity.ts';
import type { Finding, Severity, Verdict } from '../core/types.ts';
import { bytesOf } from '../core/wire.ts';
import type { Detail, Reporter, ReportIo } from './reporter.ts';

const margin = ' '.repeat(21);

/** Facts as a person reads them. Everything that came over the network is made printable first. */
export function pretty(
  { out, err, places }: ReportIo,
  chalk: ChalkInstance,
  detail: Detail = 'compact',
): Reporter {
  const writers = {
    attempt: (fact: AttemptFact) => attemptLines(fact, chalk),
    received: (fact: ReceivedFact) => receivedLines(fact, chalk, detail),
    summary: (fact: SummaryFact) => summaryLines(fact, chalk),
  };
  return {
    fact(raw) {
      const fact = maskFact(raw, places);
      if (fact.kind === 'notice') err.write(`${noticeLine(fact, chalk)}\n`);
      else if (fact.kind === 'summary') err.write(`${writers.summary(fact).join('\n')}\n`);
      else if (fact.kind === 'attempt' || fact.kind === 'received') {
        const lines = fact.kind === 'attempt' ? writers.attempt(fact) : writers.received(fact);
        if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
      }
    },
  };
}

/** `2026-11-21 10:00:00`, local time. */
export function clockTime(at: string): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}

/** An identity made of parts begins with the event's name, which stands beside it already. */
function shortId(id: string | undefined, event: string | undefined): string {
  const short = event !== undefined && id?.startsWith(`${event}+`) ? id.slice(event.length + 1) : id;
  return short === undefined ? '' : ` [${clip(printable(short), 80)}]`;
}

function attemptLines(
  { at, delivery, answer, accepted, seed, number }: AttemptFact,
  chalk: ChalkInstance,
): string[] {
  const time = chalk.dim(clockTime(at));
  const event = chalk.bold(printable(delivery.event ?? delivery.provider));
  const notes = [seed === undefined ? '' : ` seed ${seed}`, number > 1 ? ` attempt ${number}` : ''].join('');
  const outcome = outcomeWords(answer, accepted, chalk);
  return [
    `${time}  --> ${event}${chalk.dim(shortId(delivery.id, delivery.event))}${chalk.dim(notes)}`,
    `${time}  <-- ${outcome} POST ${printable(delivery.url)} ${chalk.dim(`${Math.round(answer.ms)} ms`)}`,
    ...(accepted ? [] : answerLines(answer)),
  ];
}

const outcomeWords = (answer: AnswerFact, good: boolean, chalk: ChalkInstance): string =>
  (good ? chalk.green : chalk.red)('status' in answer ? `[${answer.status}]` : answer.failure);

function answerLines(answer: AnswerFact): string[] {
  if ('failure' in answer) return [`${margin}${printable(answer.detail)}`];
  const text = bytesOf(answer).toString().trim();
  return text === ''
    ? []
    : clip(printableLines(text), 600)
        .split('\n')
        .slice(0, 12)
        .map((line) => margin + line);
}

function receivedLines(fact: ReceivedFact, chalk: ChalkInstance, detail: Detail): string[] {
  const { at, received, verdict } = fact;
  const answered = !fact.unanswered && (fact.forwarded === undefined || 'status' in fact.forwarded.answer);
  if (detail === 'quiet' && verdict.problems.length === 0 && answered) return [];
  const time = chalk.dim(clockTime(at));
  const event = chalk.bold(printable(verdict.event ?? 'unknown event'));
  const size = formatSize(bytesOf(received).length);
  return [
    `${time}  --> ${verdict.provider ?? 'unknown provider'} ${event}${chalk.dim(shortId(verdict.id, verdict.event))}`,
    ...(detail === 'full' ? requestLines(fact, chalk) : []),
    `${time}  ${replyWords(fact, chalk)} ${verdictWords(verdict, chalk)} ${chalk.dim(`${printable(clip(received.path, 120))} ${size}`)}`,
    ...verdict.problems.flatMap((problem) => problemLines(problem, chalk)),
    ...(fact.forwarded ? forwardedLines(fact.forwarded, chalk) : []),
  ];
}

const endings: Readonly<Record<Unanswered, string>> = {
  sender_left: 'the sender left',
  listener_ended: 'the listener ended',
};

/** What went out to the sender; of a capture, nothing. */
function replyWords({ replied, unanswered }: ReceivedFact, chalk: ChalkInstance): string {
  if (unanswered) return chalk.red(`<-- no answer: ${endings[unanswered]};`);
  return replied ? (replied.status < 400 ? chalk.green : chalk.red)(`<-- [${replied.status}]`) : '   ';
}

/** Who was asked in our place, and what came back. */
function forwardedLines(
  { url, answer }: NonNullable<ReceivedFact['forwarded']>,
  chalk: ChalkInstance,
): string[] {
  const good = 'status' in answer && answer.status < 400;
  return [
    `${margin}${outcomeWords(answer, good, chalk)} from ${printable(url)} ${chalk.dim(`${Math.round(answer.ms)} ms`)}`,
    ...(good ? [] : answerLines(answer)),
  ];
}

/** `valid, signature fits (assumed scheme)`. */
export function verdictWords({ valid, signed, scheme }: Verdict, chalk: ChalkInstance): string {
  const word = valid ? chalk.green('valid') : chalk.red('invalid');
  if (!scheme) return word;
  const basis = scheme.basis === 'documented' ? 'documented scheme' : chalk.yellow(`${scheme.basis} scheme`);
  if (scheme.label === 'unsigned') return `${word}, not signed (${basis})`;
  return `${word}, ${signed ? 'signature fits' : 'no signature that fits'} (${basis})`;
}

const marks: Readonly<Record<Severity, string>> = { error: '✗', warning: '!', note: '·' };

function paintOf(severity: Severity, chalk: ChalkInstance): ChalkInstance {
  return { error: chalk.red, warning: chalk.yellow, note: chalk.dim }[severity];
}

/** A finding and the mistake that would explain it. */
export function problemLines(
  { code, severity, message, basis, likely, unsearched, remedy = likely?.remedy }: Finding,
  chalk: ChalkInstance,
): string[] {
  const paint = paintOf(severity, chalk);
  const rests = basis && basis !== 'documented' ? chalk.dim(` (${basis})`) : '';
  return [
    `${margin}${paint(`${marks[severity]} ${severity} ${code}`)} ${printable(message)}${rests}`,
    ...(likely ? [`${margin}  ${chalk.cyan(`likely ${likely.code}`)}: ${printable(likely.message)}`] : []),
    ...(unsearched ? [`${margin}  ${chalk.dim(unsearched)}`] : []),
    ...(remedy ? [`${margin}  ${chalk.cyan('remedy')}: ${printable(remedy)}`] : []),
  ];
}

function requestLines({ received }: ReceivedFact, chalk: ChalkInstance): string[] {
  const head = `${received.method} ${received.path}`;
  const headers = received.headers.map(
    ([name, value]) => `${chalk.dim(`${printable(name)}:`)} ${printable(value)}`,
  );
  return [printable(head), ...headers, '', ...bodyLines(bytesOf(received))].map((line) => margin + line);
}

function bodyLines(body: Buffer): string[] {
  const text = body.toString();
  try {
    return printableLines(stringifyExact(parseExact(text), 2)).split('\n');
  } catch {
    return printableLines(text).split('\n');
  }
}

function noticeLine({ level, message }: NoticeFact, chalk: ChalkInstance): string {
  const paint = { info: chalk.dim, warning: chalk.yellow, error: chalk.red }[level];
  return paint(level === 'info' ? printable(message) : `${level}: ${printable(message)}`);
}

const hasAny = (record: SummaryFact[string] | undefined): record is Readonly<Record<string, number>> =>
  typeof record === 'object' && Object.keys(record).length > 0;

/** The counts; and of a burst the statuses, how long answers took, and how many there were in a second. */
function summaryLines({ kind: _kind, at: _at, ...rest }: SummaryFact, chalk: ChalkInstance): string[] {
  const { per_second, seed, statuses, latency_ms, ...counts } = rest;
  const list = (record: object, words: (name: string, value: unknown) => string) =>
    Object.entries(record)
      .map(([name, value]) => words(name, value))
      .join(', ');
  const lines = [
    list(counts, (name, value) => `${value} ${name}`),
    hasAny(statuses) && `answers: ${list(statuses, (name, value) => `${name} ×${value}`)}`,
    hasAny(latency_ms) && `latency: ${list(latency_ms, (name, value) => `${name} ${value} ms`)}`,
    per_second !== undefined && `${per_second} in a second${seed === undefined ? '' : `, seed ${seed}`}`,
  ];
  return lines.filter((line) => typeof line === 'string').map((line) => chalk.dim(line));
}
