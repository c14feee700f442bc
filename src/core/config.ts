import { policyOf } from './declared-fields.ts';
import type { Policy } from './provider.ts';
import type { SchemeData } from './scheme-data.ts';
import { parseScheme } from './schemes/parse.ts';
import {
  inside,
  listOf,
  misshapen,
  objectOf,
  type Place,
  placeWords,
  type Read,
  recordOf,
  text,
  whole,
} from './shape.ts';
import { parseTarget } from './target.ts';

/** Where a secret is: in the environment, in a file (one a line), or here as it is. */
export type SecretSource = string | { readonly env: string } | { readonly file: string };

/** A configuration, read. What it says of a provider is not yet held against the providers there are. */
export interface Config {
  /** As `--to`. */
  readonly to?: string;
  /** The listener's. */
  readonly port?: number;
  /** As `--forward-to` of the listener. */
  readonly forwardTo?: string;
  readonly allowHosts?: readonly string[];
  /** By provider. */
  readonly secrets?: Readonly<Record<string, readonly SecretSource[]>>;
  readonly schemes?: Readonly<Record<string, SchemeData>>;
  readonly policies?: Readonly<Record<string, Partial<Policy>>>;
  /** Declarations, or paths of files that hold one. */
  readonly providers?: readonly unknown[];
  /** Glob of events → target: as `--route`, the first that fits. */
  readonly routes?: Readonly<Record<string, string>>;
}

const target: Read<string> = (value, place) => {
  // A port alone is a target too.
  const given = typeof value === 'number' ? String(value) : text(value, place);
  try {
    parseTarget(given);
    return given;
  } catch (error) {
    throw misshapen(place, 'a target such as 3000 or "localhost:3000/path"', value, (error as Error).message);
  }
};

const secretForms = '{"env": "NAME"}, {"file": "PATH"}, a text, or a list of these';

const secret: Read<SecretSource> = (value, place) => {
  if (typeof value === 'string') return text(value, place);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw misshapen(place, secretForms, value);
  const given = objectOf({ env: text, file: text })(value, place);
  if ((given.env === undefined) === (given.file === undefined)) throw misshapen(place, secretForms, value);
  return given as SecretSource;
};

const secrets: Read<readonly SecretSource[]> = (value, place) =>
  Array.isArray(value) ? listOf(secret)(value, place) : [secret(value, place)];

const scheme: Read<SchemeData> = (value, place) => parseScheme(value, placeWords(place));

/** What a user says of a provider's policy rests on nothing but the configuration. */
const policy: Read<Partial<Policy>> = (value, place) =>
  policyOf({ basis: 'assumed', source: `configured in ${place.where}` })(value, place);

const host: Read<string> = (value, place) => {
  const name = text(value, place);
  if (/^[^\s/:]+$/.test(name)) return name;
  throw misshapen(place, 'the name of a host, without scheme and port', value);
};

const provider: Read<unknown> = (value, place: Place) => {
  if (typeof value === 'string') return text(value, place);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw misshapen(place, 'a provider, or the path of a file that declares one', value);
};

const config = objectOf({
  $schema: text,
  to: target,
  port: whole(0, 65535),
  forwardTo: target,
  allowHosts: listOf(host),
  secrets: recordOf(secrets),
  schemes: recordOf(scheme),
  policies: recordOf(policy),
  providers: listOf(provider),
  routes: recordOf(target),
});

/**
 * Reads a configuration.
 * @param where names it in an error
 * @throws {UsageError} that says where it is wrong and what was expected
 */
export function parseConfig(value: unknown, where: string): Config {
  const { $schema: _schema, ...read } = config(value, { where, path: [] });
  return read;
}

/** The place of a provider in a list of them. */
export const providerPlace = (where: string, index: number): string =>
  placeWords(inside(inside({ where, path: [] }, 'providers'), index));
