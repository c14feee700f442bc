import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** Whether processes have groups: Windows has none, there a tree is ended from its root. */
export const groups = process.platform !== 'win32';

/** How long a signal may take to end something, ms. */
export const graceMs = 2000;

/** How often it is looked whether a group still lives, ms. */
const lookMs = 20;

/** Sends a signal to a group (0 is none, and only looks); false when nobody is left in it. */
export function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Ends what is left of a group whose first process has ended, by force where a signal does not; resolves when it is gone. */
export async function emptied(pid: number): Promise<void> {
  if (!groups) return;
  const late = performance.now() + graceMs;
  for (let left = signalled(pid, 'SIGTERM'); left; left = signalled(pid, 0)) {
    if (performance.now() > late) return void signalled(pid, 'SIGKILL');
    await wait(lookMs);
  }
}

/** Ends a process with its children, where there are no groups. */
export function endTree(pid: number): void {
  spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => {});
}
