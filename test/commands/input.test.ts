import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refuseTwoStdins } from '../../src/commands/input.ts';
import { bash, bodyOf, hooks, makeFolder, makePipe, start } from '../helpers/command.ts';

const unix = process.platform !== 'win32';
const body = await bodyOf('roastify', 'fulfillment.created');

/** What reads the whole of a pipe, and what reads it piece by piece. */
const readers: [string, string[]][] = [
  ['verify', ['verify']],
  ['replay', ['replay', '--to', '9']],
  ['send', ['send', 'roastify', '--to', '9', '--body']],
  ['sign', ['sign', 'roastify']],
];

describe.runIf(unix)('a pipe', () => {
  it.each(readers)('whose writer says nothing keeps nobody who wants to leave: %s', async (_name, words) => {
    using folder = makeFolder();
    const pipe = makePipe(folder);
    await using running = start([...words, pipe]);
    // It opens when there is a reader.
    const writer = createWriteStream(pipe);
    await once(writer, 'open');
    expect(await running.stop('SIGINT')).toMatchObject({ code: 130, signal: null });
    writer.destroy();
  });

  it('is read as a file is', async () => {
    const env = { BODY: body };
    const words = '--id msg_1 --at 2026-01-01 --format json';
    const { stdout } = await bash(`hooks sign roastify <(printf %s "$BODY") ${words}`, { env });
    using folder = makeFolder();
    const file = await hooks(['sign', 'roastify', folder.file('body', body), ...words.split(' ')]);
    expect([stdout, file.code]).toEqual([file.stdout, 0]);
  });

  it('may hold a recording, and is replayed', async () => {
    const script =
      'hooks replay <(hooks send roastify fulfillment.created --dry-run --json) --to 9 --json | grep -c \'"kind":"attempt"\'';
    expect((await bash(script)).stdout.trim()).toBe('1');
  });
});

describe('what cannot be read is refused with words:', () => {
  it.each([
    ['a file that is not there', 'nothing.jsonl', 'there is no such file'],
    ['a directory', '.', 'it is a directory'],
    ['a path through a file', 'file/below', 'a part of its path is no directory'],
    ['a name that is too long', 'a'.repeat(5000), 'its name is too long'],
  ])('%s', async (_what, name, words) => {
    using folder = makeFolder();
    folder.file('file', '');
    for (const command of [['verify'], ['sign', 'roastify']]) {
      const { code, stdout, stderr } = await hooks([...command, name], { cwd: folder.path });
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(`cannot be read: ${words}`)]);
    }
  });

  it('secrets that are not UTF-8', async () => {
    using folder = makeFolder();
    const file = folder.file('secrets', Buffer.of(0xff, 0xfe));
    const { code, stderr } = await hooks(['sign', 'roastify', '-', '--secret-file', file], { stdin: body });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not valid UTF-8')]);
  });
});

it('two inputs cannot both read stdin', () => {
  expect(() => refuseTwoStdins({ FILE: '-', '--body': 'a', '--secret-file': undefined })).not.toThrow();
  expect(() => refuseTwoStdins({ FILE: '-', '--body': 'a', '--secret-file': '-' })).toThrow(
    'FILE and --secret-file cannot both read stdin',
  );
});
