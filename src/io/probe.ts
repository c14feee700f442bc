import { execFile } from 'node:child_process';
import type { Headers } from '../core/types.ts';
import { exchange } from './exchange.ts';

/** What shows the effects of deliveries: a command or an address that prints a number or any text. */
export type Probe = () => Promise<string>;

/** A reading may take so long, ms, and be so many bytes. */
const longestMs = 10_000;
const mostBytes = 64 * 1024;

/**
 * A command of a shell, whose output counts.
 * @returns a probe that rejects, with words, when the command fails
 */
export const commandProbe =
  (command: string, signal: AbortSignal, timeoutMs = longestMs): Probe =>
  () =>
    new Promise((resolve, reject) => {
      const [shell, ...words] =
        process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', command] : ['/bin/sh', '-c', command];
      const options = { timeout: timeoutMs, maxBuffer: mostBytes, signal, windowsHide: true };
      const child = execFile(shell as string, words, options, (error, stdout, stderr) => {
        if (!error) return resolve(stdout.trim());
        if (error.killed)
          return reject(new Error(`it did not end within ${timeoutMs / 1000} s, and was stopped`));
        if (error.message.includes('maxBuffer'))
          return reject(new Error(`it printed more than ${mostBytes / 1024} kB`));
        const ended = typeof error.code === 'number' ? `it ended with ${error.code}` : error.message;
        const said = stderr.trim().split('\n')[0];
        reject(new Error(said ? `${ended}: ${said}` : ended));
      });
      // Nobody answers its questions.
      child.stdin?.end();
    });

/**
 * An address, whose answer counts.
 * @returns a probe that rejects, with words, when it is not answered 2xx
 */
export const urlProbe =
  (host: URL, headers: Headers, insecure: boolean, signal: AbortSignal): Probe =>
  async () => {
    const message = {
      host,
      method: 'GET',
      path: host.pathname + host.search,
      headers,
      body: new Uint8Array(),
      pace: 'whole' as const,
    };
    const answer = await exchange(message, { timeoutMs: longestMs, insecure, signal });
    if ('failure' in answer) throw new Error(`${answer.failure}: ${answer.detail}`);
    if (answer.status < 200 || answer.status > 299) throw new Error(`it answered ${answer.status}`);
    return Buffer.from(answer.body).toString().trim();
  };
