import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Headers } from '../core/types.ts';
import { onAbort } from './abort.ts';
import { exchange } from './exchange.ts';
import { emptied, endTree, groups } from './group.ts';

/** What shows the effects of deliveries: a command or an address that prints a number or any text. */
export type Probe = () => Promise<string>;

/** A reading may take so long, ms, and be so many bytes. */
const longestMs = 10_000;
const mostBytes = 64 * 1024;

/**
 * A command of a shell, whose output counts; what it starts ends with it.
 * @returns a probe that rejects, with words, when the command fails
 */
export const commandProbe =
  (command: string, signal: AbortSignal, timeoutMs = longestMs): Probe =>
  async () => {
    // A group of its own is ended with its children. Nobody answers its questions.
    const child = spawn(command, {
      shell: true,
      detached: groups,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let fault: string | undefined;
    const stop = (why: string) => {
      fault ??= why;
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      if (child.pid === undefined) return;
      if (groups) void emptied(child.pid);
      else endTree(child.pid);
    };
    const tooMuch = () => stop(`it printed more than ${mostBytes / 1024} kB`);
    const [printed, said] = [textOf(child.stdout, tooMuch), textOf(child.stderr, tooMuch)];
    const timer = setTimeout(
      () => stop(`it did not end within ${timeoutMs / 1000} s, and was stopped`),
      timeoutMs,
    );
    const forget = onAbort(signal, () => stop('it was interrupted'));
    try {
      const code = await endOf(child);
      if (fault !== undefined) throw new Error(fault);
      if (code === 0) return printed();
      const line = said().split('\n')[0];
      throw new Error(`it ended with ${code}${line ? `: ${line}` : ''}`);
    } finally {
      clearTimeout(timer);
      forget();
    }
  };

/** The exit code of a child, or the signal that ended it, when nothing of it is left and all that it printed was read. */
async function endOf(child: ChildProcess): Promise<number | string> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    // Not its streams' end: whatever it left running may hold them open for ever.
    child.once('exit', (status, ended) => resolve(status ?? String(ended)));
  });
  await emptied(child.pid as number);
  await closed;
  return code;
}

/** Collects what a stream says; gives the text so far. */
function textOf(stream: Readable, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostBytes) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString().trim();
}

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
