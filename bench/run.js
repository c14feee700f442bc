import { parseArgs } from 'node:util';
import { bursts, memory, rate } from './burst.js';
import { checking } from './check.js';
import { inferring } from './infer.js';
import { listenerMemory, listening } from './listener.js';
import { startup } from './startup.js';

// npm run bench [-- startup burst memory rate listener listener-memory check infer --node /path/to/node --rounds 20]
const { values, positionals } = parseArgs({
  options: { node: { type: 'string', default: process.execPath }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const options = { node: values.node, ...(values.rounds ? { rounds: Number(values.rounds) } : {}) };

/** What is measured; a suite gives rows `{name, values, bound, kept}`, with the values as texts in the order of the columns. */
const suites = {
  startup: { columns: ['ms', '× node -e 0'], rows: startup },
  burst: { columns: ['a second', '× raw client', 'least', 'most'], rows: bursts },
  memory: { columns: ['a second', 'peak MB'], rows: memory },
  rate: { columns: ['least', 'most'], rows: rate },
  listener: { columns: ['a second', '× bare', 'p99 ms'], rows: listening },
  check: { columns: ['ms'], rows: checking },
  'listener-memory': { columns: ['MB'], rows: listenerMemory },
  infer: { columns: ['s', 'digests', 'left out'], rows: inferring },
};

function table(name, { columns }, rows) {
  const line = (cells) => `| ${cells.map((cell, index) => cell.padEnd(index === 0 ? 44 : 12)).join(' | ')} |`;
  const verdict = ({ bound, kept }) => (bound === undefined ? '' : `${bound} ${kept ? 'kept' : 'BROKEN'}`);
  return [
    line([name, ...columns, 'bound']),
    `|${'---|'.repeat(columns.length + 2)}`,
    ...rows.map((row) => line([row.name, ...row.values, verdict(row)])),
    '',
  ].join('\n');
}

for (const name of positionals.length > 0 ? positionals : ['startup']) {
  const suite = suites[name];
  if (!suite) throw new Error(`there is no suite "${name}"; there are ${Object.keys(suites).join(', ')}`);
  process.stdout.write(table(name, suite, await suite.rows(options)));
}
