import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { UsageError } from '../../errors.ts';
import type { HmacRecord } from '../hmac-record.ts';
import { didYouMean } from '../nearest.ts';
import { clip } from '../printable.ts';
import { type SchemeData, schemeNames } from '../scheme-data.ts';
import { schemeOf } from '../schemes.ts';
import { schemeKinds, schemeSchema } from './schema.ts';

/**
 * A scheme read from JSON, complete: with a label, a basis and a source.
 * @param where names it in messages: `hooks.config.json: providers.acme.scheme`
 * @throws {UsageError} that names the path, what was expected and what stands there, or in what the scheme contradicts
 * itself
 */
export function parseScheme(value: unknown, where: string): SchemeData {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(
      `${where}: a scheme is an object, not ${shown(value)}`,
      'write { "use": "github" }, or { "kind": "hmac", … }',
    );
  const check = validatorFor(definitionOf(value, where));
  if (!check(value)) throw faultOf(check.errors?.[0] as ErrorObject, where);
  const data = completed(value as SchemeData);
  try {
    schemeOf(data);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${where}: ${error.message}`) : error;
  }
  return data;
}

/** A value as it may be shown: JSON where it is, and what it is where it is none. */
function shown(value: unknown): string {
  try {
    return clip(JSON.stringify(value) ?? typeof value, 60);
  } catch {
    return typeof value;
  }
}

/** Which part of the schema speaks of a value. */
function definitionOf(value: object, where: string): string {
  if ('use' in value && 'kind' in value)
    throw new UsageError(
      `${where}: it has both "use" and "kind"`,
      '"use" takes a ready-made scheme, "kind" begins one of your own',
    );
  if ('use' in value) {
    oneOf(value.use, schemeNames, `${where}.use`);
    return 'named';
  }
  if ('kind' in value) return oneOf(value.kind, schemeKinds, `${where}.kind`);
  throw new UsageError(
    `${where}: it has neither "use" nor "kind"`,
    `"use" is one of ${schemeNames.join(', ')}; "kind" one of ${schemeKinds.join(', ')}`,
  );
}

function oneOf<T extends string>(value: unknown, known: readonly T[], where: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  const all = `there are ${known.join(', ')}`;
  throw new UsageError(
    `${where}: there is no ${shown(value)}`,
    typeof value === 'string' ? didYouMean(value, known, all) : all,
  );
}

let ajv: Ajv2020 | undefined;

function validatorFor(name: string): ValidateFunction {
  ajv ??= new Ajv2020({ verbose: true, strict: false }).addSchema(schemeSchema);
  return ajv.getSchema(`${schemeSchema.$id}#/$defs/${name}`) as ValidateFunction;
}

/** The first thing that is wrong, in words. */
function faultOf(
  { instancePath, keyword, params, data, message, parentSchema }: ErrorObject,
  where: string,
): UsageError {
  const path = [where, ...instancePath.split('/').slice(1)].join('.');
  const { description } = (parentSchema ?? {}) as { readonly description?: string };
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const known = Object.keys((parentSchema as { readonly properties: object }).properties);
    return new UsageError(
      `${path}: there is no "${name}" here`,
      didYouMean(name, known, `there are ${known.join(', ')}`),
    );
  }
  if (keyword === 'required') return new UsageError(`${path}: "${params.missingProperty}" is missing`);
  const stands = `, and is ${shown(data)}`;
  if (keyword === 'enum') {
    const known = params.allowedValues as string[];
    return new UsageError(
      `${path} must be one of ${known.join(', ')}${stands}`,
      typeof data === 'string' ? didYouMean(data, known) : undefined,
    );
  }
  if (keyword === 'type') return new UsageError(`${path} must be ${params.type}${stands}`, description);
  return new UsageError(`${path} ${message}${stands}`, description);
}

/** With what the schema lets one leave out. */
function completed(data: SchemeData): SchemeData {
  if ('use' in data) return data;
  const told = { ...untold, ...data };
  return told.kind === 'hmac' ? { ...told, label: told.label ?? labelOf(told) } : told;
}

const untold: object = { basis: 'assumed', source: 'declared without a source' };

/** A record in words. */
export const labelOf = ({ digest, encoding, over, names, in: place = 'header' }: HmacRecord): string =>
  `HMAC-${digest.toUpperCase()} (${encoding}) of ${over === '{body}' ? 'the raw body' : `"${over}"`} in ${
    { header: '', query: 'parameter ', body: 'field ' }[place]
  }${names.signature}`;
