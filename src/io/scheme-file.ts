import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ExactJson, isObject, parseExact, stringifyExact } from '../core/json.ts';
import type { SchemeData } from '../core/scheme-data.ts';
import { UsageError } from '../errors.ts';
import { schemaReference } from './find-config.ts';

/** Puts a provider's scheme where the commands find it, and says where. */
export type WriteScheme = (provider: string, scheme: SchemeData) => string;

/**
 * Opens a configuration for one scheme, so that work whose result could not be kept is not begun. All else that stands in
 * it stays, numbers with their digits.
 * @param shown the file's name in an error
 * @throws {UsageError} where it is no configuration; what is returned throws where it cannot be written, or is a program
 */
export function openSchemes(file: string, shown: string): WriteScheme {
  if (!file.endsWith('.json')) return refusing(shown);
  read(file, shown);
  return (provider, scheme) => {
    const { config, indent } = read(file, shown);
    const { schemes } = config;
    const changed = {
      ...(existsSync(file) ? {} : schemaReference('config', dirname(file))),
      ...config,
      schemes: { ...(isObject(schemes) ? schemes : {}), [provider]: scheme as unknown as ExactJson },
    };
    const text = `${stringifyExact(changed as ExactJson, indent)}\n`;
    try {
      const mode = existsSync(file) ? statSync(file).mode : 0o644;
      writeFileSync(`${file}.tmp`, text, { mode });
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      throw new UsageError(
        `--write: ${shown} cannot be written: ${(error as Error).message}`,
        'write it where you may, or leave --write out',
      );
    }
    return shown;
  };
}

/** A program is not edited: what to paste is said instead. */
const refusing =
  (shown: string): WriteScheme =>
  (provider, scheme) => {
    throw new UsageError(
      `--write edits JSON alone, and the configuration here is ${shown}`,
      `put this into its schemes: ${JSON.stringify({ [provider]: scheme })}`,
    );
  };

function read(file: string, shown: string): { config: { [key: string]: ExactJson }; indent: string } {
  if (!existsSync(file)) return { config: {}, indent: '  ' };
  const bad = (what: string) =>
    new UsageError(`--write: ${shown} ${what}`, 'mend it first; nothing was written');
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw bad(`cannot be read: ${(error as Error).message}`);
  }
  let config: ExactJson;
  try {
    config = parseExact(text);
  } catch (error) {
    throw bad(`is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(config)) throw bad('is no JSON object');
  const { schemes } = config as { [key: string]: ExactJson };
  if (schemes !== undefined && !isObject(schemes)) throw bad('has "schemes" that are no object');
  return { config: config as { [key: string]: ExactJson }, indent: /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ' };
}
