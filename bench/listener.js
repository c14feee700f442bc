import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ask, wireRequest } from './client.js';
import { spawnOn } from './spawn.js';
import { median } from './startup.js';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const bin = fileOf('../bin/hooks.js');
const connections = 16;
/** The listeners have one core; the client has what is left. */
const core = 0;

const run = (node, ...words) => execFileSync(node, [bin, ...words], { encoding: 'utf8' });

/** Signed orders of about 1.5 kB, each another one. */
function orders(node) {
  const secret = run(node, 'listen', '--provider', 'shoprocket', '--print-secret').trim();
  const made = run(node, ...'send shoprocket order.created --dry-run --json --count 50 --seed 1'.split(' '));
  const bodies = made
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).delivery?.body ?? []);
  const distance = (body) => Math.abs(body.length - 1500);
  const [sample] = bodies.sort((one, other) => distance(one) - distance(other));
  const id = JSON.stringify(JSON.parse(sample).data.id);
  const [before, ...after] = sample.split(`"id":${id}`);
  return (index) => {
    const body = `${before}"id":"${1_000_000_000 + index}"${after.join(`"id":${id}`)}`;
    return wireRequest(body, `signature: ${createHmac('sha256', secret).update(body).digest('hex')}\r\n`);
  };
}

/** Starts `hooks listen` that verifies, validates and records, and prints nothing but what is wrong. */
async function startListener(node, folder) {
  const record = join(folder, 'recording.jsonl');
  const words = ['listen', '--port', '0', '--output', 'quiet', '--record', record];
  const child = spawnOn(core, node, [bin, ...words]);
  child.stdout.resume();
  const [port] = await new Promise((resolve, reject) => {
    let text = '';
    child.once('close', () => reject(new Error(`the listener ended: ${text}`)));
    child.stderr.on('data', (chunk) => {
      text += chunk;
      const found = /(?<=localhost:)\d+/.exec(text);
      if (found) resolve(found);
    });
  });
  const stop = async () => {
    child.kill('SIGINT');
    await once(child, 'close');
  };
  return { port: Number(port), pid: child.pid, record, stop };
}

/** How many deliveries a recording holds. */
async function recorded(path) {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.startsWith('{"kind":"received"')) count += 1;
  }
  return count;
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'hooks-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts a bare server, hands its port to the work, and ends it. */
async function withSink(node, work) {
  const sink = spawnOn(core, node, [fileOf('./sink.js')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const [{ port }] = await once(sink, 'message');
    return await work(port);
  } finally {
    sink.kill();
  }
}

/** One round: every delivery must be accepted, and be in the recording. */
const listenOnce = (node, requests, order) =>
  inFolder(async (folder) => {
    const count = requests.length;
    const warmUp = 2000;
    const listener = await startListener(node, folder);
    await ask(listener.port, { count: warmUp, connections, next: (index) => order(count + index) });
    const own = await ask(listener.port, { count, connections, next: (index) => requests[index] });
    await listener.stop();
    const kept = (await recorded(listener.record)) - warmUp;
    if (own.refused > 0 || kept !== count)
      throw new Error(`${own.refused} of ${count} were refused, ${kept} are recorded`);
    return own;
  });

/**
 * `hooks listen --record` (verified, validated, recorded) beside a bare node:http server that only reads the body, both
 * asked by the same client, in turn.
 */
export async function listening({ node, rounds = 5, count = 100_000 }) {
  const order = orders(node);
  const requests = Array.from({ length: count }, (_, index) => order(index));
  return withSink(node, async (port) => {
    const results = [];
    for (let round = 0; round < rounds; round++) {
      const bare = await ask(port, { count, connections, next: (index) => requests[index] });
      const own = await listenOnce(node, requests, order);
      const p99 = own.latency.percentile(99) / 1000;
      results.push({ ratio: own.perSecond / bare.perSecond, perSecond: own.perSecond, p99 });
    }
    const ratio = median(results.map((each) => each.ratio));
    const p99 = median(results.map((each) => each.p99));
    const perSecond = Math.round(median(results.map((each) => each.perSecond)));
    const values = [String(perSecond), ratio.toFixed(2), p99.toFixed(1)];
    const name = `${count} deliveries, 16 at once`;
    return [{ name, values, bound: '≥ 0.22, < 10 ms', kept: ratio >= 0.22 && p99 < 10 }];
  });
}

/** Resident memory of a process, MB; Linux only. */
const residentMb = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

/** A million different deliveries: the memory of the listener after each 200,000. */
export function listenerMemory({ node, count = 1_000_000 }) {
  const order = orders(node);
  return inFolder(async (folder) => {
    const listener = await startListener(node, folder);
    const rows = [];
    for (let sent = 0; sent < count; sent += 200_000) {
      await ask(listener.port, { count: 200_000, connections, next: (index) => order(sent + index) });
      rows.push({ name: `after ${sent + 200_000} deliveries`, values: [String(residentMb(listener.pid))] });
    }
    await listener.stop();
    return rows;
  });
}
