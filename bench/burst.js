import { fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rawClient, wireRequest } from './raw-client.js';
import { median } from './startup.js';

const bin = fileURLToPath(new URL('../bin/hooks.js', import.meta.url));
const connections = 16;

/** Runs a burst of orders, each different and each signed; gives deliveries per second. */
function burst(port, count) {
  const words = ['send', 'shoprocket', 'order.created', '--to', String(port), '--json'];
  const child = spawn(process.execPath, [
    bin,
    ...words,
    '--count',
    String(count),
    '--concurrency',
    String(connections),
  ]);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(text.trim().split('\n').at(-1)).per_second);
      else reject(new Error(`the burst ended with ${code}`));
    });
  });
}

/**
 * `hooks send --count` beside a hand-written client that repeats one fixed, unsigned request to the same sink, in turn.
 * @returns a row `{name, ms, ratio}`; `ms` is the time of one delivery
 */
export async function bursts({ rounds = 5, count = 100_000 } = {}) {
  const sink = fork(fileURLToPath(new URL('./sink.js', import.meta.url)));
  const { port } = await new Promise((resolve) => sink.once('message', resolve));
  const request = wireRequest('x'.repeat(1500));
  const next = () => request;
  await rawClient(port, { count: 20_000, connections, next });
  const ratios = [];
  const speeds = [];
  for (let round = 0; round < rounds; round++) {
    const { perSecond: raw } = await rawClient(port, { count, connections, next });
    const own = await burst(port, count);
    ratios.push(own / raw);
    speeds.push(own);
  }
  sink.kill();
  return [{ name: 'hooks send --count, 16 at once', ms: 1000 / median(speeds), ratio: median(ratios) }];
}
