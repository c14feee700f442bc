import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openOutput } from '../../src/io/output.ts';
import { makeFolder, makePipe } from '../helpers/command.ts';

it('replaces what was in a file, at the end and not before', () => {
  using folder = makeFolder();
  const path = folder.file('a.xml', 'what was there before, and is longer');
  const output = openOutput(path, '--junit');
  expect(readFileSync(path, 'utf8')).toMatch(/before/);
  output.write('new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

it('makes a file that is not there', () => {
  using folder = makeFolder();
  openOutput(`${folder.path}/b.md`, '--markdown').write('ä');
  expect(readFileSync(`${folder.path}/b.md`, 'utf8')).toBe('ä');
});

it('leaves nothing behind where there was nothing, and nothing was written', () => {
  using folder = makeFolder();
  openOutput(`${folder.path}/c.xml`, '--junit');
  expect(existsSync(`${folder.path}/c.xml`)).toBe(false);
});

it('writes through a link', () => {
  using folder = makeFolder();
  const link = `${folder.path}/link`;
  symlinkSync(folder.file('target', 'old'), link);
  openOutput(link, '--junit').write('new');
  expect([lstatSync(link).isSymbolicLink(), readFileSync(link, 'utf8')]).toEqual([true, 'new']);
});

it.skipIf(process.platform === 'win32')('writes once to whoever reads a pipe', async () => {
  using folder = makeFolder();
  const pipe = makePipe(folder);
  const reading = readFile(pipe, 'utf8');
  // To open it waits for its reader, which another thread is.
  openOutput(pipe, '--junit').write('all of it');
  expect(await reading).toBe('all of it');
});

it('says at once that a file cannot be written', () => {
  using folder = makeFolder();
  const path = `${folder.path}/nowhere/a.xml`;
  expect(() => openOutput(path, '--junit')).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message: expect.stringContaining(`--junit ${path} cannot be written`),
    }),
  );
  expect(() => openOutput(folder.path, '--junit')).toThrow(/cannot be written/);
});

it.skipIf(!existsSync('/dev/full'))('says in the end that it could not be written after all', () => {
  expect(() => openOutput('/dev/full', '--junit').write('x')).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/--junit \/dev\/full cannot be written: .*ENOSPC/),
    }),
  );
});
