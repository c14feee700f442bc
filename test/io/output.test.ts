import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openOutput } from '../../src/io/output.ts';
import { makeFolder } from '../helpers/command.ts';

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
