import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, bodyOf, hooks, linesOf, makeFolder, startListening } from '../helpers/command.ts';
import { svixHeaders } from '../helpers/oracle.ts';
import { ask, catchAll } from '../helpers/wire.ts';

const unix = process.platform !== 'win32';
const shipped = await bodyOf('roastify', 'fulfillment.shipped');
const deliver = (port: number, body: string | Uint8Array = shipped, headers = svixHeaders(shipped)) =>
  ask(port, { headers, body });
const recorded = (path: string) => linesOf(readFileSync(path, 'utf8'));
const kinds = (path: string) => recorded(path).map(({ kind }) => kind);

describe.concurrent('--record', () => {
  it('appends every fact, which only the owner may read', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'new.jsonl');
    for (let round = 0; round < 2; round++) {
      await using listening = await startListening(['--record', path]);
      await deliver(listening.port);
      await listening.stop('SIGINT');
    }
    expect(kinds(path)).toEqual(['ready', 'received', 'summary', 'ready', 'received', 'summary']);
    if (unix) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.runIf(unix)('closes a file that others could read', async () => {
    using folder = makeFolder();
    const path = folder.file('there.jsonl', '');
    await bash(`chmod 644 ${path}`);
    await using listening = await startListening(['--record', path]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await listening.stop();
  });

  it('holds what came as it came, while the screen masks it', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'r.jsonl');
    await using listening = await startListening(['--record', path]);
    const bytes = Buffer.from([0xff, 0xfe, 0x0a]);
    await deliver(listening.port, bytes, [['authorization', 'Bearer hunter2hunter2']]);
    const { stdout } = await listening.stop('SIGINT');
    const [, fact] = recorded(path);
    expect(Buffer.from(fact?.received.body_base64, 'base64').equals(bytes)).toBe(true);
    expect(fact?.received.headers).toContainEqual(['authorization', 'Bearer hunter2hunter2']);
    expect(stdout).not.toContain('hunter2hunter2');
  });

  it('holds what is not shown, too', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'r.jsonl');
    await using listening = await startListening(['--record', path, '-e', 'order.created']);
    await deliver(listening.port);
    const { stdout } = await listening.stop('SIGINT');
    expect([kinds(path), stdout]).toEqual([
      ['ready', 'received', 'summary'],
      expect.not.stringContaining('"received":{'),
    ]);
  });

  it.runIf(unix)('has each delivery that was answered, when we are killed', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'r.jsonl');
    await using receiver = await catchAll(200);
    for (const more of [[], ['--forward-to', String(receiver.port)]]) {
      await using listening = await startListening(['--record', path, ...more]);
      const sent = hooks(['send', 'roastify', '--all', '--to', String(listening.port), '--count', '20']);
      expect((await sent).code).toBe(0);
      await listening.stop('SIGKILL');
    }
    expect(kinds(path).filter((kind) => kind === 'received')).toHaveLength(2 * 9 * 20);
  });

  it('goes on after a torn line on a line of its own', async () => {
    using folder = makeFolder();
    const whole = '{"kind":"notice","at":"2026-11-21T10:00:00.000Z","level":"info","code":"X","message":"x"}';
    const path = folder.file('torn.jsonl', `${whole}\n${whole.slice(0, 40)}`);
    await using listening = await startListening(['--record', path]);
    await deliver(listening.port);
    await listening.stop('SIGINT');
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.slice(0, 2)).toEqual([whole, whole.slice(0, 40)]);
    expect(linesOf(lines.slice(2).join('\n')).map(({ kind }) => kind)).toEqual([
      'ready',
      'received',
      'summary',
    ]);
    const verified = await hooks(['verify', path, '--json']);
    expect(linesOf(verified.stdout).map(({ kind, code }) => code ?? kind)).toContain('LINES_SKIPPED');
    expect(verified.code).toBe(0);
  });
});

describe.concurrent('a recording that cannot be written', () => {
  it.each([
    ['a file that holds something else', 'notes.md', 'it holds something else than a recording'],
    ['a directory', '.', 'EISDIR'],
    ['a folder that is not there', 'no/where.jsonl', 'ENOENT'],
  ])('%s is refused, and nothing is touched', async (_, name, words) => {
    using folder = makeFolder();
    const notes = folder.file('notes.md', '# Notes\n');
    const { code, stderr } = await hooks(['listen', '--port', '0', '--record', join(folder.path, name)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(readFileSync(notes, 'utf8')).toBe('# Notes\n');
  });

  it('stdout is none: --json prints the facts there', async () => {
    using folder = makeFolder();
    const { code, stderr } = await hooks(['listen', '--port', '0', '--record', '-'], { cwd: folder.path });
    expect([code, stderr]).toEqual([2, expect.stringContaining('printed by --json')]);
    expect(existsSync(join(folder.path, '-'))).toBe(false);
  });

  it.runIf(unix)('a pipe is refused: its reader may never come', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'pipe');
    await bash(`mkfifo ${path}`);
    const { code, stderr } = await hooks(['listen', '--port', '0', '--record', path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('it is a pipe')]);
  });

  it.runIf(existsSync('/dev/full'))(
    'a full disk: who sends is answered, we shout and end with 1',
    async () => {
      await using listening = await startListening(['--record', '/dev/full']);
      expect((await deliver(listening.port)).status).toBe(200);
      expect((await deliver(listening.port)).status).toBe(200);
      const { code, stdout } = await listening.stop('SIGINT');
      const losses = linesOf(stdout).filter(({ code: kind }) => kind === 'RECORD_FAILED');
      expect(code).toBe(1);
      expect(losses.map(({ level, message }) => [level, message])).toEqual([
        ['error', expect.stringContaining('ENOSPC')],
        ['error', 'the recording is not whole: 4 facts are lost'],
      ]);
    },
  );

  it.runIf(existsSync('/usr/bin/prlimit'))(
    'one that can be written again says what is missing, and so do its readers',
    async () => {
      using folder = makeFolder();
      const path = join(folder.path, 'r.jsonl');
      await using listening = await startListening(['--record', path]);
      const limit = (bytes: string) =>
        execFileSync('prlimit', ['--pid', String(listening.child.pid), `--fsize=${bytes}:`]);
      await deliver(listening.port);
      limit('1');
      await deliver(listening.port);
      await deliver(listening.port);
      limit('unlimited');
      await deliver(listening.port);
      expect((await listening.stop('SIGINT')).code).toBe(1);
      expect(recorded(path).map(({ kind, code, lost }) => [code ?? kind, lost])).toEqual([
        ['ready', undefined],
        ['received', undefined],
        ['RECORD_FAILED', 2],
        ['received', undefined],
        ['summary', undefined],
      ]);
      const words = 'warning: the recording is not whole: 2 facts were lost when it was written';
      await using receiver = await catchAll(200);
      for (const read of [
        ['verify', path],
        ['replay', path, '--to', String(receiver.port)],
      ]) {
        const { code, stderr } = await hooks(read);
        expect([code, stderr]).toEqual([0, expect.stringContaining(words)]);
      }
    },
  );

  it.runIf(unix).each(['', 'touch'])(
    'a file that is gone is shouted, and we end with 1 (%s)',
    async (then) => {
      using folder = makeFolder();
      const path = join(folder.path, 'r.jsonl');
      await using listening = await startListening(['--record', path]);
      await deliver(listening.port);
      rmSync(path);
      if (then === 'touch') folder.file('r.jsonl', '');
      expect((await deliver(listening.port)).status).toBe(200);
      const { code, stdout } = await listening.stop('SIGINT');
      const losses = linesOf(stdout).filter((line) => line.code === 'RECORD_FAILED');
      expect(code).toBe(1);
      expect(losses.map(({ message }) => message)).toEqual([
        expect.stringContaining('it was deleted, or another file took its place'),
        'the recording is not whole: 4 facts are lost',
      ]);
    },
  );

  it.runIf(unix)('a disk that fills up in the middle of a line leaves whole lines', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'r.jsonl');
    const said = join(folder.path, 'said');
    const script = `
      ulimit -f 8
      hooks listen --port 0 --output quiet --record ${path} --expect 'fulfillment.shipped=20' 2> ${said} &
      until grep -q listening ${said}; do :; done
      port=$(grep -om1 'localhost:[0-9]*' ${said})
      hooks send roastify fulfillment.shipped --count 20 --to $port > /dev/null 2>&1; echo "sent $?"
      wait $!; echo "ended $?"`;
    const { stdout } = await bash(script);
    expect(stdout).toBe('sent 0\nended 1\n');
    const text = readFileSync(path, 'utf8');
    expect(text.endsWith('}\n')).toBe(true);
    const facts = linesOf(text);
    const kept = facts.filter(({ kind }) => kind === 'received').length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(20);
    // The summary is short, and may still have found room.
    const lost = 20 - kept + (facts.at(-1)?.kind === 'summary' ? 0 : 1);
    expect(readFileSync(said, 'utf8')).toContain(`the recording is not whole: ${lost} facts are lost`);
  });
});

it('a listener whose reader leaves keeps the recording whole', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'r.jsonl');
  await using listening = await startListening(['--record', path]);
  listening.child.stdout?.destroy();
  await deliver(listening.port).catch(() => {});
  await once(listening.child, 'close');
  expect(kinds(path).at(-1)).toBe('summary');
});
