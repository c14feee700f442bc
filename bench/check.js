import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { output, spawnOn } from './spawn.js';
import { median } from './startup.js';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const cores = { receiver: 0, check: 1 };

/** The whole battery against a correct receiver. */
export async function checking({ node, rounds = 5 }) {
  const bin = fileOf('../bin/hooks.js');
  const words = ['listen', '--provider', 'roastify', '--print-secret'];
  const secret = execFileSync(node, [bin, ...words], { encoding: 'utf8' }).trim();
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const receiver = spawnOn(cores.receiver, node, [fileOf('./receiver.js'), secret], { stdio });
  try {
    const [{ port }] = await once(receiver, 'message');
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await output(spawnOn(cores.check, node, [bin, 'check', 'roastify', '--to', String(port)]));
      times.push(performance.now() - started);
    }
    const ms = median(times);
    return [{ name: 'hooks check, every rule', values: [ms.toFixed(0)], bound: '< 3000', kept: ms < 3000 }];
  } finally {
    receiver.kill();
  }
}
