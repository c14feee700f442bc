import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Starts a program on one core alone, where the machine has several and `taskset`. */
export const spawnOn = (core, program, args, options) =>
  canPin ? spawn('taskset', ['-c', String(core), program, ...args], options) : spawn(program, args, options);

/** Everything that a child prints on stdout, when it has ended well. */
export function output(child) {
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(text.trim());
      else reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`));
    });
  });
}
