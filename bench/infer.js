import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './startup.js';

const bin = fileURLToPath(new URL('../bin/hooks.js', import.meta.url));
/** A secret that can be a key in four ways: with its prefix and without, as text, base64 and hex. */
const secret = 'whsec_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** A delivery of 20 kB as it comes through a proxy, signed over what `over` says. */
function delivery(index, over) {
  const body = JSON.stringify({ type: 'order.made', id: `evt_${index}`, lines: 'x'.repeat(20_000) });
  const message = { id: `msg_${1000 + index}`, time: String(1_795_000_000 + index), body };
  const signature = createHmac('sha256', secret).update(over(message)).digest('hex');
  const headers = [
    'host: hooks.acme.test',
    'user-agent: acme/1.0',
    'content-type: application/json',
    `content-length: ${body.length}`,
    `x-acme-id: ${message.id}`,
    `x-acme-time: ${message.time}`,
    'x-acme-event: order.made',
    'x-acme-attempt: 1',
    'x-request-id: 5f1c6b1e-6a30-4a0c-9b51-0e5ac1a7c0de',
    'x-acme-version: 2026-01',
    `x-acme-signature: ${signature}`,
  ];
  return `POST /webhooks/acme?shop=${index} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

const cases = [
  {
    name: 'a likely scheme: {timestamp}.{body}',
    over: ({ time, body }) => `${time}.${body}`,
    code: 0,
    bound: 2,
  },
  {
    name: 'an unlikely one: {host},{id},{body},{timestamp}',
    over: ({ id, time, body }) => `hooks.acme.test,${id},${body},${time}`,
    code: 0,
    bound: 30,
  },
  { name: 'none: the whole product', over: () => 'something else', code: 1, bound: 30 },
];

/** How long `hooks infer` takes for two deliveries of 20 kB, start-up included. */
export function inferring({ node, rounds = 3 }) {
  const folder = mkdtempSync(join(tmpdir(), 'hooks-bench-'));
  try {
    const secretFile = join(folder, 'secret.txt');
    writeFileSync(secretFile, secret);
    return cases.map(({ name, over, code, bound }) => {
      const files = [1, 2].map((index) => join(folder, `${index}.http`));
      for (const [index, file] of files.entries()) writeFileSync(file, delivery(index, over));
      const runs = Array.from({ length: rounds }, () => {
        const started = performance.now();
        const words = ['infer', ...files, '--secret-file', secretFile, '--json'];
        const { status, stdout } = spawnSync(node, [bin, ...words], { encoding: 'utf8' });
        if (status !== code) throw new Error(`${name}: ended with ${status}: ${stdout}`);
        const { tried } = JSON.parse(stdout);
        return { seconds: (performance.now() - started) / 1000, tried };
      });
      const seconds = median(runs.map((run) => run.seconds));
      const [{ tried }] = runs;
      const values = [
        seconds.toFixed(2),
        String(tried.hashes),
        tried.left_out.length > 0 ? tried.left_out.join('; ') : 'nothing',
      ];
      return { name, values, bound: `< ${bound} s`, kept: runs.every((run) => run.seconds < bound) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
