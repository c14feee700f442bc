import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { type ExactJson, isObject, parseExact, stringifyExact } from '../core/json.ts';
import type { SchemeData } from '../core/scheme-data.ts';
import { UsageError } from '../errors.ts';

/** Puts a provider's scheme where the commands find it, and says where. */
export type WriteScheme = (provider: string, scheme: SchemeData) => string;

const file = 'hooks.config.json';
/** The schema of the configuration, for editors. */
const schemaAt = './node_modules/hooks-cli/dist/config.schema.json';
const others = ['js', 'mjs', 'cjs', 'ts', 'mts'].map((end) => `hooks.config.${end}`);

/**
 * Opens the configuration in the working directory for one scheme, so that work whose result could not be kept is not
 * begun. All else that stands in it stays, numbers with their digits.
 * @throws {UsageError} where it is of another form, or is no configuration; what is returned throws where it cannot be written
 */
export function openSchemes(): WriteScheme {
  const other = others.find((name) => existsSync(name));
  if (other !== undefined && !existsSync(file)) {
    return refusing(other);
  }
  read();
  return (provider, scheme) => {
    const { config, indent } = read();
    const { schemes } = config;
    const changed = {
      ...('$schema' in config ? {} : { $schema: schemaAt }),
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
        `--write: ${file} cannot be written: ${(error as Error).message}`,
        'write it where you may, or leave --write out',
      );
    }
    return file;
  };
}

/** A program is not edited: what to paste is said instead. */
const refusing =
  (name: string): WriteScheme =>
  (provider, scheme) => {
    throw new UsageError(
      `--write edits ${file} alone, and the configuration here is ${name}`,
      `put this into its schemes: ${JSON.stringify({ [provider]: scheme })}`,
    );
  };

function read(): { config: { [key: string]: ExactJson }; indent: string } {
  if (!existsSync(file)) return { config: {}, indent: '  ' };
  const bad = (what: string) =>
    new UsageError(`--write: ${file} ${what}`, 'mend it first; nothing was written');
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
