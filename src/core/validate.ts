import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { Misfit } from './declared-payloads.ts';
import { formatPath, type Path } from './path.ts';
import { percentDecoded } from './percent.ts';
import { clip as clipTo } from './printable.ts';
import type { Basis, Json, JsonSchema, Problem } from './types.ts';

const clip = (text: string): string => clipTo(text, 60);

/** Checks a value against a schema; `size` is the body's, in bytes. */
export type Validate = (schema: JsonSchema, value: Json, size: number) => Problem[];

/** Above this a body gets its first violation only: a list of a million wrong items would make as many findings. */
const everyErrorBelow = 128 * 1024;

/** Keys that every object inherits: a schema that knows one must be told what is an object's own, which takes its time. */
const inherited = new RegExp(`"(?:${Object.getOwnPropertyNames(Object.prototype).join('|')})"`);

/** A validator that compiles each schema once, at its first use. */
export function makeValidate(): Validate {
  const errorsIn = makeErrors();
  return (schema, value, size) => {
    try {
      return errorsIn(schema, value, size).map((error) => problemOf(schema, error));
    } catch (error) {
      return [unusable(error as Error)];
    }
  };
}

/** Whoever judges goes on where a schema is of no use: that one is the declaration's fault, not the delivery's. */
const unusable = ({ message }: Error): Problem => ({
  code: 'SCHEMA',
  path: '',
  basis: 'assumed',
  fault: `cannot be checked: its event's schema is no valid JSON Schema: ${clipTo(message, 200)}`,
});

/** The same, with the keyword of each rule that is broken. */
export function makeMisfits(): (schema: JsonSchema, value: Json) => Misfit[] {
  const errorsIn = makeErrors();
  return (schema, value) =>
    errorsIn(schema, value, 0).map((error) => ({
      path: formatPath(pathOf(error)),
      keyword: error.keyword,
      fault: faultOf(error),
    }));
}

function makeErrors(): (schema: JsonSchema, value: Json, size: number) => ErrorObject[] {
  const compilers = { all: makeAjv(true), first: makeAjv(false) };
  const compiled = {
    all: new WeakMap<JsonSchema, ValidateFunction>(),
    first: new WeakMap<JsonSchema, ValidateFunction>(),
  };
  const compile = (schema: JsonSchema, depth: keyof typeof compilers) =>
    inherited.test(JSON.stringify(schema))
      ? makeAjv(depth === 'all', { ownProperties: true }).compile(schema)
      : compilers[depth].compile(schema);
  return (schema, value, size) => {
    const depth = size < everyErrorBelow ? 'all' : 'first';
    let check = compiled[depth].get(schema);
    if (!check) {
      check = compile(schema, depth);
      compiled[depth].set(schema, check);
    }
    return check(value) ? [] : (check.errors ?? []);
  };
}

/**
 * A compiler of schemas. It takes keywords and formats that it does not know, for a user's schemas have them.
 * @param options `ownProperties`: what an object inherits is not in it
 */
export function makeAjv(allErrors: boolean, { ownProperties = false } = {}): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    strict: false,
    logger: false,
    validateSchema: false,
    ownProperties,
  });
  ajv.addKeyword('x-basis');
  (formatsPlugin as unknown as { default: (ajv: Ajv2020) => void }).default(ajv);
  return ajv;
}

function problemOf(schema: JsonSchema, error: ErrorObject): Problem {
  return {
    code: 'SCHEMA',
    path: formatPath(pathOf(error)),
    basis: basisOf(schema, error.schemaPath, missingIn(error)),
    fault: faultOf(error),
  };
}

const missingIn = ({ keyword, params }: ErrorObject): string | undefined =>
  keyword === 'required' ? String(params.missingProperty) : undefined;

/** Of the value that breaks a rule, or of the field that is missing. */
const pathOf = (error: ErrorObject): Path => [
  ...pointer(error.instancePath, true),
  ...[missingIn(error) ?? []].flat(),
];

function faultOf(error: ErrorObject): string {
  const found = `, is ${clip(jsonOf(error.data))}`;
  if (error.keyword === 'required') return 'is missing';
  if (error.keyword === 'false schema') return `may not be there${found}`;
  if (error.keyword === 'const') return `must be ${clip(JSON.stringify(error.params.allowedValue))}${found}`;
  if (error.keyword === 'enum') return `must be one of ${JSON.stringify(error.params.allowedValues)}${found}`;
  if (error.keyword === 'type') return `must be ${[error.params.type].flat().join(' or ')}${found}`;
  return `${error.message ?? 'is wrong'}${found}`;
}

/** What came may be nested more deeply than `JSON.stringify` can follow; what code made may be no JSON. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch (error) {
    return error instanceof RangeError ? 'nested too deeply to be shown' : 'no JSON';
  }
}

function* pointer(text: string, indices: boolean): Generator<string | number> {
  for (const part of text.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    yield indices && /^\d+$/.test(key) ? Number(key) : key;
  }
}

/** What the broken part of a schema rests on: the nearest `x-basis` around it. */
function basisOf(schema: JsonSchema, schemaPath: string, missing: string | undefined): Basis {
  let here: unknown = schema;
  let basis: Basis = 'documented';
  const look = () => {
    const own = (here as JsonSchema | undefined)?.['x-basis'];
    if (own !== undefined) basis = own as Basis;
  };
  look();
  const keys = [...pointer(percentDecoded(schemaPath), false)].slice(0, -1);
  for (const key of missing === undefined ? keys : [...keys, 'properties', missing]) {
    here = (here as JsonSchema | undefined)?.[key as string];
    look();
  }
  return basis;
}
