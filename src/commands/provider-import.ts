import { setImmediate as turn } from 'node:timers/promises';
import { readCaptures } from '../actions/captures.ts';
import type { Context } from '../context.ts';
import { hold } from '../core/declared-events.ts';
import { importedProvider, isOpenApi } from '../core/import-openapi.ts';
import { observe, observedProvider, observedText, type Seen, seenIn } from '../core/import-recording.ts';
import { isObject } from '../core/json.ts';
import { printable } from '../core/printable.ts';
import { providerOf } from '../core/provider-data.ts';
import { deliveries } from '../core/quantity.ts';
import { inferLine, secretFile } from '../core/stranger.ts';
import { UsageError } from '../errors.ts';
import { interruptionCode } from '../exit-codes.ts';
import type { Source } from '../io/source.ts';
import { SkippedCount } from './captured.ts';
import { openDrawing } from './configured.ts';
import { openInput, readOpen } from './input.ts';
import { addProvider, checkName } from './provider-file.ts';
import { type ConfigFlags, openSettings } from './settings.ts';

export interface ImportFlags extends ConfigFlags {
  readonly name?: string;
}

/** Makes a declaration of a document or a recording; gives the exit code. */
export async function importProvider(file: string, flags: ImportFlags, context: Context): Promise<number> {
  if (flags.name !== undefined) checkName(flags.name);
  const { name, data, text, notes } = await declarationOf(file, flags, context);
  // What was made is held against itself before it is written.
  const provider = providerOf(data, file, await openDrawing());
  for (const event of Object.values(provider.events)) {
    // A signal is heard between two events.
    await turn();
    if (context.interrupt.aborted) return interruptionCode(context.interrupt);
    hold(event);
  }
  const done = addProvider(name, 'json', `${text}\n`, flags, context);
  const count = Object.keys(provider.events).length;
  for (const words of [...done, `${count} ${count === 1 ? 'event' : 'events'}`, ...notes])
    context.err.write(`${printable(words)}\n`);
  context.err.write(`next: look through it, then \`hooks provider test ${name}\`\n`);
  return 0;
}

/** What a file says: stdin can be read once, and is looked at twice. */
async function declarationOf(file: string, flags: ImportFlags, context: Context) {
  const source = await openInput(file, 'FILE', context, { again: true });
  try {
    const document = await documentIn(source, file, context);
    const name = flags.name ?? nameOf(document, file);
    checkName(name);
    const made = document
      ? ofDocument(importedProvider(name, document, shownName(file)))
      : await ofRecording(name, source, file, flags, context);
    return { name, ...made };
  } finally {
    await source.close();
  }
}

const shownName = (file: string): string => (file === '-' ? 'stdin' : file);

const ofDocument = ({ data, notes }: ReturnType<typeof importedProvider>) => ({
  data,
  text: JSON.stringify(data, null, 2),
  notes: [...notes, 'an OpenAPI document says nothing of signatures: set "scheme"'],
});

/** An OpenAPI document in JSON or YAML; nothing where the file is something else. */
async function documentIn(source: Source, file: string, context: Context): Promise<unknown> {
  if (/\.(?:jsonl|ndjson|har|http)$/i.test(file)) return undefined;
  const text = await readOpen(source, file, 'FILE', context);
  const isYaml = /\.ya?ml$/i.test(file) || /^(?:#.*\n|---.*\n|\s)*openapi:/.test(text);
  const value = isYaml ? await yaml(text, file) : json(text);
  if (isOpenApi(value)) return value;
  if (isYaml || (isObject(value) && 'swagger' in (value as object)))
    throw new UsageError(`${file} is no OpenAPI 3.1 document`, 'its first key is openapi: 3.1.0');
  return undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A recording has a value a line.
    return undefined;
  }
}

async function yaml(text: string, file: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    // The test for keys that come twice takes the square of their number.
    return parse(text, { uniqueKeys: false, maxAliasCount: 1000, logLevel: 'error' });
  } catch (error) {
    throw new UsageError(`${file} is not YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** A name of a document's title, or of the file's. */
function nameOf(document: unknown, file: string): string {
  const { title } = ((document as { info?: unknown } | undefined)?.info ?? {}) as { title?: unknown };
  const text = typeof title === 'string' ? title : (file.split(/[\\/]/).at(-1) ?? '').replace(/\..*$/, '');
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  if (name !== '') return name;
  throw new UsageError('the provider needs a name', 'give it with --name acme');
}

/** So many deliveries are looked at; more say little more. */
const mostSeen = 2000;

async function ofRecording(name: string, source: Source, file: string, flags: ImportFlags, context: Context) {
  const seen: Seen[] = [];
  const ofOthers: Seen[] = [];
  const skipped = new SkippedCount();
  let others = 0;
  for await (const found of readCaptures(source.read())) {
    skipped.take(found);
    const one = 'capture' in found ? seenIn(found.capture) : undefined;
    const whose = 'capture' in found ? found.capture.said?.provider : undefined;
    const same = whose === undefined || whose === name ? seen : ofOthers;
    if (one && same.length < mostSeen) same.push(one);
    if ('capture' in found && !one) others += 1;
    if (seen.length >= mostSeen) break;
  }
  // A provider that we know may have been recognised where it was another.
  const left = seen.length > 0 ? ofOthers.length : 0;
  if (seen.length === 0) seen.push(...ofOthers);
  if (seen.length === 0)
    throw new UsageError(
      `FILE ${file} is no OpenAPI document, and holds no delivery with a JSON object`,
      'it takes an OpenAPI 3.1 document in JSON or YAML, what `hooks listen --record` writes, a HAR file, raw HTTP requests or curl command lines',
    );
  const observed = observe(seen);
  if (observed === undefined)
    throw new UsageError(
      `in ${shownName(file)} no usual field or header (such as "type", or x-…-event) holds a name in each of its ${seen.length} deliveries`,
      'are they all of one provider? where the event is named elsewhere, declare it with `hooks provider init`, and set eventAt',
    );
  const data = observedProvider(name, observed, `${deliveries(seen.length)} in ${shownName(file)}`);
  const { signature, eventAt } = observed;
  const settings = await openSettings(flags, context, { checked: false }).catch(() => undefined);
  const isKnown = settings?.config.schemes?.[name] !== undefined;
  return {
    data,
    text: observedText(data, observed),
    notes: [
      `the event's name is at ${eventAt}, in all of ${seen.length}`,
      ...(left > 0 ? [`${left} were left out: the recording says that they are of others`] : []),
      ...(others > 0 ? [`${deliveries(others)} left out: without a JSON object for a body`] : []),
      ...(skipped.words ? [skipped.words] : []),
      'its samples are what came, of real people perhaps: look through them before you give them away',
      ...(signature === undefined || isKnown
        ? []
        : [
            `${signature} looks like a signature: ${file === '-' ? 'keep these deliveries in deliveries.jsonl, ' : ''}put the secret into ${secretFile}, then: ${inferLine(file === '-' ? 'deliveries.jsonl' : file, name, ['--secret-file', secretFile, '--write'])}`,
          ]),
    ],
  };
}
