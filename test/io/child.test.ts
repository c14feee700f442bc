import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startChild, type Task } from '../../src/io/child.ts';
import { makeFolder } from '../helpers/command.ts';

const start = (task: Task, env = {}) => startChild(task, { PATH: process.env.PATH, ...env }, 'stderr');
const node = (script: string): Task => ({ words: [process.execPath, '-e', script] });
const posix = process.platform !== 'win32';

describe('the end of a child', () => {
  it.each([0, 3])('exit code %i', async (code) => {
    const { ended } = await start(node(`process.exit(${code})`));
    expect(await ended).toEqual({ code });
  });

  it('its environment is what it is given', async () => {
    const { ended } = await start(node('process.exit(Number(process.env.CODE))'), { CODE: '7' });
    expect(await ended).toEqual({ code: 7 });
  });

  it('words reach it as they are, a line through a shell', async () => {
    const words = await start({
      words: [process.execPath, '-e', 'process.exit(process.argv[1] === "$A b" ? 0 : 1)', '$A b'],
    });
    expect(await words.ended).toEqual({ code: 0 });
    expect(await (await start({ line: 'exit 4' })).ended).toEqual({ code: 4 });
  });

  it.runIf(posix)('a signal', async () => {
    const { ended } = await start(node('process.kill(process.pid, "SIGKILL")'));
    expect(await ended).toEqual({ signal: 'SIGKILL' });
  });

  it.runIf(posix)('stop() sends a signal, and is patient with one that has ended', async () => {
    const { ended, stop } = await start(node('setInterval(() => {}, 1e6)'));
    await stop('SIGINT');
    expect(await ended).toEqual({ signal: 'SIGINT' });
    await stop('SIGTERM');
  });
});

describe('what cannot be started', () => {
  it('a command that there is not', async () => {
    await expect(start({ words: ['no-such-command'] })).rejects.toThrow(
      'there is no command "no-such-command"',
    );
  });

  it.runIf(posix)('a file that may not be run', async () => {
    using folder = makeFolder();
    const file = folder.file('run', '#!/bin/sh\n');
    await expect(start({ words: [file] })).rejects.toThrow('may not be run');
    chmodSync(file, 0o755);
    expect(await (await start({ words: [file] })).ended).toEqual({ code: 0 });
  });

  it('more words than a process can take', async () => {
    await expect(start({ words: [process.execPath, 'x'.repeat(8_000_000)] })).rejects.toThrow(
      'cannot be started',
    );
  });
});
