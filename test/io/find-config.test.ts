import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { findConfig, schemaReference } from '../../src/io/find-config.ts';
import { makeFolder } from '../helpers/command.ts';

it('finds the nearest configuration, and refuses two in one folder', () => {
  using folder = makeFolder();
  const inner = join(folder.path, 'a', 'b');
  mkdirSync(inner, { recursive: true });
  const above = folder.file('hooks.config.json', '{}');
  expect(findConfig(inner)).toBe(above);
  folder.file('hooks.config.mjs', '');
  expect(() => findConfig(inner)).toThrow('has 2 configurations: hooks.config.mjs, hooks.config.json');
  const near = folder.file('a/hooks.config.json', '{}');
  expect(findConfig(inner)).toBe(near);
});

it('names a schema where the package is installed, be it above; elsewhere none', () => {
  using folder = makeFolder();
  const inner = join(folder.path, 'a', 'b');
  mkdirSync(inner, { recursive: true });
  const path = 'node_modules/hooks-cli/dist/config.schema.json';
  expect(schemaReference('config', inner)).toEqual({});
  mkdirSync(join(folder.path, dirname(path)), { recursive: true });
  folder.file(path, '{}');
  expect(schemaReference('config', inner)).toEqual({ $schema: `../../${path}` });
  expect(schemaReference('config', folder.path)).toEqual({ $schema: `./${path}` });
});
