import { parseArgs } from 'node:util';
import { bursts } from './burst.js';
import { startup } from './startup.js';

// npm run bench [-- startup|burst --node /path/to/node --rounds 20]
const { values, positionals } = parseArgs({
  options: { node: { type: 'string' }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const rounds = values.rounds && Number(values.rounds);

const suites = {
  startup: { floor: '× node -e 0', rows: () => startup({ node: values.node, rounds }) },
  burst: { floor: '× raw client', rows: () => bursts({ rounds }) },
};

/** A bound is the most that a start-up may take. */
function line({ name, ms, ratio, bound }) {
  const verdict = bound === undefined ? '' : `${bound.toFixed(1)} ${ratio <= bound ? 'kept' : 'BROKEN'}`;
  return `| ${name.padEnd(36)} | ${ms.toFixed(ms < 1 ? 3 : 0).padStart(6)} | ${ratio.toFixed(2).padStart(5)} | ${verdict.padEnd(10)} |`;
}

for (const name of positionals.length > 0 ? positionals : ['startup']) {
  const suite = suites[name];
  if (!suite) throw new Error(`there is no suite "${name}"; there are ${Object.keys(suites).join(', ')}`);
  const rows = await suite.rows();
  process.stdout.write(`| ${name.padEnd(36)} |     ms | ${suite.floor} | bound |\n|---|---|---|---|\n`);
  process.stdout.write(`${rows.map(line).join('\n')}\n`);
}
