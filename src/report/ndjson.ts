import { maskFact } from '../core/mask.ts';
import { printableJson } from '../core/printable.ts';
import type { Reporter, ReportIo } from './reporter.ts';

/** One fact a line on stdout, and nothing else. */
export const ndjson = ({ out, places }: ReportIo): Reporter => ({
  fact: (fact) => out.write(`${printableJson(JSON.stringify(maskFact(fact, places)))}\n`),
});
