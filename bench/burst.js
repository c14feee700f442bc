import { fileURLToPath } from 'node:url';
import { output, spawnOn } from './spawn.js';
import { median } from './startup.js';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const connections = 16;
/** The sinks have one core, the senders another. */
const cores = { sink: 0, sender: 1 };

/** Starts a sink, hands it and its port to the work, and ends it. */
async function withSink(node, args, work) {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const sink = spawnOn(cores.sink, node, [fileOf('./sink.js'), ...args], { stdio });
  try {
    const { port } = await saidBy(sink);
    return await work(port, sink);
  } finally {
    sink.kill();
  }
}

/** What a sink says next. */
const saidBy = (sink) =>
  new Promise((resolve, reject) => {
    sink.once('message', resolve);
    sink.once('error', reject);
    sink.once('exit', (code) => reject(new Error(`the sink ended with ${code}`)));
  });

/** Requests per second of the hand-written client: one fixed, unsigned request of 1.5 kB. */
async function raw(node, port, count) {
  const words = [port, count, connections, 1500].map(String);
  return Number(await output(spawnOn(cores.sender, node, [fileOf('./raw-client.js'), ...words])));
}

/** Sends a burst of orders, each different and each signed. @returns deliveries per second and the peak memory in MB */
async function burst(node, port, ...flags) {
  const words = ['send', 'shoprocket', 'order.created', '--to', String(port), '--json', ...flags.map(String)];
  const args = ['--require', fileOf('./peak.cjs'), fileOf('../bin/hooks.js'), ...words];
  const lines = (await output(spawnOn(cores.sender, node, args))).split('\n');
  return { perSecond: JSON.parse(lines.at(-2)).per_second, peakMb: Number(lines.at(-1)) / 1024 };
}

/** `hooks send --count` beside the hand-written client, to the same sink, in turn. */
export const bursts = ({ node, rounds = 5, count = 100_000 }) =>
  withSink(node, [], async (port) => {
    await raw(node, port, count);
    const ratios = [];
    const speeds = [];
    for (let round = 0; round < rounds; round++) {
      const ceiling = await raw(node, port, count);
      const { perSecond } = await burst(node, port, '--count', count, '--concurrency', connections);
      ratios.push(perSecond / ceiling);
      speeds.push(perSecond);
    }
    const texts = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
    const values = [String(Math.round(median(speeds))), ...texts];
    return [
      { name: `${count} orders, 16 at once`, values, bound: '≥ 0.15', kept: Math.min(...ratios) >= 0.15 },
    ];
  });

/** The most memory that a burst holds: ten times as many deliveries should take no more. */
export const memory = ({ node }) =>
  withSink(node, [], async (port) => {
    const rows = [];
    for (const count of [100_000, 1_000_000]) {
      const { perSecond, peakMb } = await burst(node, port, '--count', count, '--concurrency', connections);
      const values = [String(Math.round(perSecond)), peakMb.toFixed(0)];
      rows.push({ name: `${count} orders, 16 at once`, values, bound: '< 200', kept: peakMb < 200 });
    }
    return rows;
  });

/** How many deliveries came in each of ten seconds, as the sink counts them. */
export const rate = ({ node }) =>
  withSink(node, ['count'], async (port, sink) => {
    const wanted = 500;
    await burst(node, port, '--count', 11 * wanted, '--rate', wanted);
    sink.send('tell');
    const { counts } = await saidBy(sink);
    const seconds = counts.slice(0, 10);
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
    const kept = least >= 0.98 * wanted && most <= 1.02 * wanted;
    return [{ name: `--rate ${wanted}, 10 s`, values: [String(least), String(most)], bound: '± 2 %', kept }];
  });
