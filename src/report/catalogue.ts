import type { ChalkInstance } from 'chalk';
import { catalogueRow } from '../core/catalogue.ts';
import type { EventFact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { formatDuration } from '../core/quantity.ts';
import type { Basis } from '../core/types.ts';

/** A provider's part of the catalogue: how it signs and retries, a row an event, the sources below. */
export function catalogueText(provider: Provider, chalk: ChalkInstance, at: string): string {
  const paint = (basis: Basis) => (basis === 'documented' ? chalk.green(basis) : chalk.yellow(basis));
  const rows = Object.keys(provider.events).map((name) => catalogueRow(provider, name, at));
  const sources = [...new Set(rows.map(({ source }) => source))];
  const width = Math.max(...rows.map(({ event }) => event.length));
  const { title, name, docs, scheme, policy } = provider;
  const line = (row: EventFact) => {
    const words = basisWords(row);
    const painted = words === 'documented' ? chalk.green(words) : chalk.yellow(words);
    const mark = chalk.dim(`[${sources.indexOf(row.source) + 1}]`);
    return `  ${row.event.padEnd(width)}  ${painted}${' '.repeat(Math.max(0, 32 - words.length))}  ${row.summary} ${mark}`;
  };
  return [
    `${chalk.bold(title)} (${name}), ${rows.length} ${rows.length === 1 ? 'event' : 'events'}, ${docs}`,
    `  signing: ${paint(scheme.basis)}, ${scheme.label}`,
    `  retries: ${paint(policy.delaysMs.basis)}, ${retryWords(policy.delaysMs.value)}`,
    ...rows.map(line),
    ...sources.map((source, index) => chalk.dim(`  [${index + 1}] ${source}`)),
    '',
  ].join('\n');
}

/** What the name rests on, and the body where that differs. */
function basisWords({ basis, payload_basis, payload_undocumented }: EventFact): string {
  if (basis !== payload_basis) return `${basis}, body ${payload_basis}`;
  const partly = payload_basis === 'documented' && payload_undocumented.length > 0;
  return partly ? `${basis}, body in part` : basis;
}

const retryWords = (delays: readonly number[]): string =>
  delays.length === 0
    ? 'none'
    : `${delays.length + 1} attempts: at once, then after ${delays.map(formatDuration).join(', ')}`;

/** What stands beside a sample of one event. */
export function eventText({
  title,
  summary,
  basis,
  source,
  payload_basis,
  payload_undocumented,
  signing,
}: EventFact): string {
  const fields =
    payload_undocumented.length > 0 ? `; not documented: ${payload_undocumented.join(', ')}` : '';
  return [
    `${title}: ${summary}`,
    `event: ${basis} (${source})`,
    `body: ${payload_basis}${payload_basis === 'documented' ? fields : ''}`,
    `signing: ${signing.basis}, ${signing.label}`,
    '',
  ].join('\n');
}
