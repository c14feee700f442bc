import { execFileSync, fork, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { rawClient, wireRequest } from './raw-client.js';
import { median } from './startup.js';

const bin = fileURLToPath(new URL('../bin/hooks.js', import.meta.url));
const connections = 16;

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
  const child = spawn(node, [bin, 'listen', '--port', '0', '--output', 'quiet', '--record', record]);
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

/**
 * `hooks listen --record` beside a bare node:http server that only reads the body, both asked by the same raw client.
 * @returns rows `{name, ms, ratio, least}`
 * @throws {Error} where a delivery was refused, or is not in the recording
 */
export async function listening({ node = process.execPath, rounds = 5, count = 100_000 } = {}) {
  const order = orders(node);
  const requests = Array.from({ length: count }, (_, index) => order(index));
  const next = (index) => requests[index];
  const sink = fork(fileURLToPath(new URL('./sink.js', import.meta.url)), { execPath: node });
  const [{ port: bare }] = await once(sink, 'message');
  const ratios = [];
  const speeds = [];
  const slowest = [];
  for (let round = 0; round < rounds; round++) {
    const floor = await rawClient(bare, { count, connections, next });
    await inFolder(async (folder) => {
      const listener = await startListener(node, folder);
      await rawClient(listener.port, { count: 2000, connections, next: (index) => order(count + index) });
      const own = await rawClient(listener.port, { count, connections, next });
      await listener.stop();
      const kept = (await recorded(listener.record)) - 2000;
      if (own.refused > 0 || kept !== count)
        throw new Error(`${own.refused} of ${count} were refused, ${kept} are recorded`);
      ratios.push(own.perSecond / floor.perSecond);
      speeds.push(own.perSecond);
      slowest.push(own.latency.percentile(99) / 1000);
    });
  }
  sink.kill();
  const ms = 1000 / median(speeds);
  return [
    { name: 'hooks listen --record, 16 at once', ms, ratio: median(ratios), least: 0.22 },
    { name: 'its 99th percentile', ms: median(slowest) },
  ];
}

/** Resident memory of a process, MB; Linux only. */
const residentMb = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

/** A million different deliveries: the memory of the listener after each 200,000. */
export function listenerMemory({ node = process.execPath, count = 1_000_000 } = {}) {
  const order = orders(node);
  return inFolder(async (folder) => {
    const listener = await startListener(node, folder);
    const rows = [];
    for (let sent = 0; sent < count; sent += 200_000) {
      await rawClient(listener.port, { count: 200_000, connections, next: (index) => order(sent + index) });
      rows.push({ name: `after ${sent + 200_000} deliveries`, mb: residentMb(listener.pid) });
    }
    await listener.stop();
    return rows;
  });
}
