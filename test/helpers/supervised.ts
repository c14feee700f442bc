import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { examples } from './oracle.ts';

const script = fileURLToPath(new URL('mortal.js', import.meta.url));

/** How a receiver of Roastify's deliveries ends. */
export type Death =
  | 'at-null'
  | 'answered-null'
  | 'long-after-null'
  | 'at-odd-json'
  | 'of-a-cut-body'
  | 'at-the-100th';

/** A receiver in a process of its own. */
export interface Supervised extends AsyncDisposable {
  readonly url: URL;
}

/**
 * Starts a receiver, and again on its port whenever it ends.
 * @param again resolves when it may be started again
 */
export async function supervised(death: Death, again: () => Promise<unknown>): Promise<Supervised> {
  let child: ChildProcess;
  let port = 0;
  let lives = 0;
  let over = false;
  const start = (): ChildProcess => {
    lives += 1;
    child = fork(script, [examples.roastify, death, String(port)], {
      stdio: 'ignore',
      env: { ...process.env, LIFE: String(lives) },
    });
    return child.once('exit', async () => {
      await again();
      if (!over) start();
    });
  };
  [{ port }] = (await once(start(), 'message')) as [{ port: number }];
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    async [Symbol.asyncDispose]() {
      over = true;
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
