import { appendFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { once, openFile, type Pieces, spool, withLineFeed } from '../../src/io/source.ts';
import { makeFolder, makePipe } from '../helpers/command.ts';

async function collect(pieces: Pieces): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString();
}

async function* piecesOf(...pieces: string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

const pipes = process.platform !== 'win32';

const long = 'abcdefghij'.repeat(100_000);

describe('a file', () => {
  it('is read whole, from anywhere, and again', async () => {
    using folder = makeFolder();
    const source = await openFile(folder.file('a', long));
    expect(source.repeatable).toBe(true);
    expect(await collect(source.read())).toBe(long);
    expect(await collect(source.read(999_995))).toBe('fghij');
    expect(await collect(source.read(2_000_000))).toBe('');
    await source.close();
  });

  it('that grows is read to where it ended', async () => {
    using folder = makeFolder();
    const path = folder.file('a', 'abc');
    const source = await openFile(path);
    appendFileSync(path, 'def');
    expect(await collect(source.read())).toBe('abc');
    await source.close();
  });

  it('that shrinks while it is read ends earlier', async () => {
    using folder = makeFolder();
    const path = folder.file('a', long);
    const source = await openFile(path);
    let size = 0;
    for await (const piece of source.read()) {
      size += piece.length;
      truncateSync(path, 10_000);
    }
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(10_000);
    await source.close();
  });

  it.runIf(process.platform !== 'win32')('that is a device is read once', async () => {
    const source = await openFile('/dev/null');
    expect([source.repeatable, await collect(source.read())]).toEqual([false, '']);
    await source.close();
  });

  it.runIf(pipes)('that is a pipe is read until its writers have gone, whenever they come', async () => {
    using folder = makeFolder();
    const source = await openFile(makePipe(folder));
    const text = collect(source.read());
    writeFileSync(join(folder.path, 'pipe'), long.slice(0, 1000));
    expect([source.repeatable, await text]).toEqual([false, long.slice(0, 1000)]);
    await source.close();
  });

  it.runIf(pipes)('that is a pipe is read until the signal is aborted', async () => {
    using folder = makeFolder();
    const controller = new AbortController();
    const silent = await openFile(makePipe(folder), controller.signal);
    const nothing = collect(silent.read());
    controller.abort();
    expect(await nothing).toBe('');
    const late = await openFile(join(folder.path, 'pipe'), controller.signal);
    expect(await collect(late.read())).toBe('');
  });

  it('that is not there is an error', async () => {
    await expect(openFile('/nothing/of/this/name')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a spool', () => {
  const ours = () => readdirSync(tmpdir()).filter((name) => /^hooks-[\da-f]{8}-/.test(name));

  it('is repeatable, and has no name', async () => {
    const before = ours();
    const source = await spool(piecesOf('ab', '', 'cd'));
    expect(ours().filter((name) => !before.includes(name))).toEqual([]);
    for (let time = 0; time < 2; time++) expect(await collect(source.read())).toBe('abcd');
    expect(await collect(source.read(3))).toBe('d');
    await source.close();
  });

  it('leaves nothing when what it reads fails', async () => {
    async function* failing() {
      yield Buffer.from('a');
      throw new Error('lost');
    }
    await expect(spool(failing())).rejects.toThrow('lost');
  });
});

it('what comes once is read once', async () => {
  const source = once(piecesOf('a', 'b'));
  expect([source.repeatable, await collect(source.read())]).toEqual([false, 'ab']);
});

describe('what never ends a line', () => {
  it('is refused', async () => {
    await expect(collect(withLineFeed(piecesOf('aaaa', 'aaaa', 'aaaa'), 8))).rejects.toThrow(
      'larger than 8 B',
    );
  });

  it('passes as long as it is short, or has one line end', async () => {
    expect(await collect(withLineFeed(piecesOf('aaaa', 'aaaa'), 8))).toBe('aaaaaaaa');
    expect(await collect(withLineFeed(piecesOf('a\n', 'aaaa', 'aaaa'), 4))).toBe('a\naaaaaaaa');
  });
});
