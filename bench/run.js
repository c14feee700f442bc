import { parseArgs } from 'node:util';
import { startup } from './startup.js';

// npm run bench [-- --node /path/to/node --rounds 20]
const { values } = parseArgs({ options: { node: { type: 'string' }, rounds: { type: 'string' } } });

const rows = await startup({ node: values.node, rounds: values.rounds && Number(values.rounds) });
const lines = rows.map(({ name, ms, ratio, bound }) => {
  const verdict = bound === undefined ? '' : `${bound.toFixed(1)} ${ratio <= bound ? 'kept' : 'BROKEN'}`;
  return `| ${name.padEnd(36)} | ${ms.toFixed(0).padStart(6)} | ${ratio.toFixed(2).padStart(5)} | ${verdict.padEnd(10)} |`;
});
process.stdout.write(
  `| start-up${' '.repeat(28)} |     ms | ratio | bound      |\n|---|---|---|---|\n${lines.join('\n')}\n`,
);
