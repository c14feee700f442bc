import { asObject, type Data, target } from './import-document.ts';

/** How a value of a type is written as a text. */
const written: Readonly<Record<string, Data>> = {
  integer: { pattern: '^-?(?:0|[1-9]\\d{0,8})$' },
  number: { pattern: '^-?(?:0|[1-9]\\d{0,8})(?:\\.\\d{1,4})?$' },
  boolean: { enum: ['true', 'false'] },
};

/** The schema of a form: its fields are texts, whatever the document calls them. */
export function texts(root: Data, schema: Data, where: string): Data {
  const here = target(root, schema, where);
  const fields = Object.entries(asObject(here.properties)).map(([name, field]) => [
    name,
    fieldOf(target(root, field, where)),
  ]);
  return fields.length === 0 ? here : { ...here, properties: Object.fromEntries(fields) };
}

function fieldOf(field: Data): Data {
  const { type, description } = field;
  if (typeof type !== 'string' || !Object.hasOwn(written, type)) return field;
  const values = field.const === undefined ? field.enum : [field.const];
  return {
    type: 'string',
    ...(description === undefined ? {} : { description }),
    ...(Array.isArray(values) ? { enum: values.map(String) } : written[type]),
  };
}
