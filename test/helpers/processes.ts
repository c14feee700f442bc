import { readFileSync } from 'node:fs';

/** For what other processes do: they take their time where much goes on. */
export const patiently = { timeout: 20_000, interval: 20 };

/** The process id that a command wrote into a file; 0 as long as there is none. */
export function pidIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

/** Whether a process runs; one that has ended, and that nobody has looked after yet, does not. */
export function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    // Elsewhere than on Linux there is no such file.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}
