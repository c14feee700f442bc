import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/hooks.js', import.meta.url));

/** A case: the words after node, and the text on stdout at which the clock stops (else at the exit). */
const casesFor = (url) => [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'hooks --version', args: [bin, '--version'], bound: { 20: 1.4, 22: 1.4, 24: 1.4 } },
  { name: 'hooks --help', args: [bin, '--help'], bound: { 20: 1.6, 22: 1.6, 24: 1.6 } },
  {
    name: 'hooks send … --to a listening port',
    args: [bin, 'send', 'shoprocket', 'order.created', '--to', url],
    bound: { 20: 4, 22: 3.5, 24: 3.5 },
  },
  {
    name: 'hooks listen until ready',
    args: [bin, 'listen', '--port', '0', '--json'],
    until: '"ready"',
    bound: { 20: 2, 22: 2, 24: 2 },
  },
  { name: 'hooks demo (47 deliveries)', args: [bin, 'demo'] },
];

/** Runs once; gives the time in ms. */
function time(node, { args, until }, env) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (until === undefined || !text.includes(until)) return;
      resolve(performance.now() - started);
      child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (until === undefined && code !== 0) reject(new Error(`${args.join(' ')} ended with ${code}`));
      resolve(performance.now() - started);
    });
  });
}

/** The middle one. */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Start-up, each case as a ratio to `node -e 0` in the same interleaved rounds.
 * @param node the runtime's path
 * @returns rows of medians over the rounds
 */
export async function startup({ node, rounds = 20 }) {
  const sink = createServer((request, response) => request.resume().on('end', () => response.end('ok')));
  await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const cases = casesFor(`http://127.0.0.1:${sink.address().port}/`);
  // Where an extra certificate file is named every start of Node 20 reads it, which would flatter the ratios.
  const { NODE_EXTRA_CA_CERTS: _unset, ...env } = process.env;
  const major = (await version(node, env)).split('.')[0];
  const times = cases.map(() => []);
  for (let round = 0; round < rounds + 2; round++) {
    for (const [index, each] of cases.entries()) {
      const ms = await time(node, each, env);
      if (round >= 2) times[index].push(ms);
    }
  }
  sink.close();
  const floor = median(times[0]);
  return cases.map(({ name, bound }, index) => {
    const ms = median(times[index]);
    const most = bound?.[major];
    const values = [ms.toFixed(0), (ms / floor).toFixed(2)];
    return { name, values, ...(most ? { bound: `≤ ${most}`, kept: ms / floor <= most } : {}) };
  });
}

function version(node, env) {
  return new Promise((resolve) => {
    let text = '';
    const child = spawn(node, ['-p', 'process.versions.node'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.once('close', () => resolve(text.trim()));
  });
}
