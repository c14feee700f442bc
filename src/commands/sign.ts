import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { placeWords } from '../core/carrier.ts';
import { draft, seal } from '../core/craft.ts';
import { coversAddress, isTimed } from '../core/hmac-record.ts';
import { maskRequest } from '../core/mask.ts';
import type { Provider, Signed } from '../core/provider.ts';
import { curlLine } from '../core/request-text.ts';
import { findProvider, sendsId } from '../core/select.ts';
import { defaultPort } from '../core/target.ts';
import type { Delivery, Headers } from '../core/types.ts';
import { bodyFact } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import type { Run } from './command.ts';
import { readInput, refuseTwoStdins } from './input.ts';
import { deliveryId, examples, isoInstant, secretOptions, valueOption } from './options.ts';
import { findSecrets, type SecretFlags } from './secrets.ts';
import { type ConfigFlags, openSettings } from './settings.ts';

interface SignFlags extends ConfigFlags, SecretFlags {
  readonly id?: string;
  readonly at?: number;
  readonly format: (typeof formats)[number];
  readonly showSecrets?: boolean;
}

const formats = ['headers', 'json', 'curl'] as const;

/** Declares `hooks sign`. */
export function configure(command: Command, run: Run): void {
  command.argument('<provider>', 'whose scheme').argument('<file>', 'the body; - is stdin');
  secretOptions(command)
    .addOption(valueOption('--id <id>', "the delivery's id, where the provider sends one", deliveryId))
    .addOption(valueOption('--at <time>', 'the time to sign with, ISO 8601 (default: now)', isoInstant))
    .addOption(new Option('--format <format>', 'how to print them').choices(formats).default('headers'))
    .addOption(new Option('--show-secrets', 'with --format curl: print credentials as they are'));
  examples(command, [
    ['hooks sign roastify body.json', 'the headers, one a line'],
    ['hooks sign shoprocket - --format json < body.json', 'as JSON'],
  ]);
  command.action((name: string, file: string) =>
    run((context) => sign(name, file, command.optsWithGlobals<SignFlags>(), context)),
  );
}

/** Prints the headers that sign a body as a provider does; gives the exit code. */
export async function sign(name: string, file: string, flags: SignFlags, context: Context): Promise<number> {
  const settings = await openSettings(flags, context);
  const provider = findProvider(name, settings.providers);
  refuseTwoStdins({ FILE: file, '--secret-file': flags.secretFile });
  if (flags.id !== undefined && !sendsId(provider)) {
    throw new UsageError(`${provider.title} deliveries carry no id, so --id cannot apply`);
  }
  if (flags.showSecrets && flags.format !== 'curl')
    throw new UsageError(
      `with --format ${flags.format} nothing is masked, so --show-secrets cannot apply`,
      'leave it out',
    );
  const secrets = await findSecrets(flags, context, settings, provider);
  for (const note of secrets.notes) context.err.write(`warning: ${note}\n`);
  const body = await readInput(file, 'FILE', context);
  const at = flags.at ?? context.now();
  const made = draft(provider, body, { seed: context.randomSeed(), at }, { id: flags.id });
  const url = `http://localhost:${defaultPort}/`;
  const used = secrets.of(provider);
  const delivery = seal(made, { url, at, secrets: used });
  const contentType = provider.contentType.value;
  const signed = provider.scheme.sign({ id: made.id, at, body, url, contentType }, used);
  if (flags.format === 'curl') writeCurl(delivery, provider, flags, context);
  else if (flags.format === 'json') context.out.write(`${jsonLine(provider, made.id, signed)}\n`);
  else context.out.write(headerLines(signed.headers));
  for (const note of placeNotes(provider, signed, url, flags)) context.err.write(`${note}\n`);
  if (flags.at !== undefined && !(provider.scheme.form && isTimed(provider.scheme.form)))
    context.err.write(`--at changes nothing: a signature of ${provider.title} holds no time\n`);
  if (provider.scheme.basis !== 'documented') {
    context.err.write(
      `the signing scheme of ${provider.title} is ${provider.scheme.basis}: ${provider.scheme.label}\n`,
    );
  }
  return 0;
}

function writeCurl(
  delivery: Delivery,
  provider: Provider,
  { showSecrets }: SignFlags,
  { out, err }: Context,
): void {
  const masked = { ...delivery, ...maskRequest(delivery, provider) };
  const [whole, shown] = [curlLine(delivery), curlLine(masked)];
  out.write(`${showSecrets ? whole : shown}\n`);
  if (!showSecrets && whole !== shown) err.write('credentials are masked; --show-secrets prints them\n');
}

const jsonLine = (provider: Provider, id: string | undefined, { headers, url, body }: Signed): string =>
  JSON.stringify({
    provider: provider.name,
    id,
    headers,
    ...(url === undefined ? {} : { url }),
    ...(body === undefined ? {} : bodyFact(body)),
  });

/** What headers alone do not show of a signature made for an address. */
export function placeNotes(
  { scheme }: Pick<Provider, 'scheme'>,
  signed: Signed,
  url: string,
  { format }: Pick<SignFlags, 'format'>,
): string[] {
  const { carrier, form } = scheme;
  const elsewhere = carrier && carrier.in !== 'header' ? carrier : undefined;
  const changed = [...(signed.url ? ['address'] : []), ...(signed.body ? ['body'] : [])];
  const shown = format === 'headers' ? '; --format json prints it' : '';
  return [
    ...(elsewhere
      ? [`no header holds the signature: it stands in the ${placeWords(elsewhere.in, elsewhere.name)}`]
      : []),
    ...(elsewhere?.in === 'body' && !signed.body
      ? ['this body is no JSON object, so it can hold none']
      : changed.map((what) => `signing changes the ${what}${shown}`)),
    ...(form && coversAddress(form) && form.url === undefined
      ? [`the signature covers the address, and is made for ${url}`]
      : []),
  ];
}

const headerLines = (headers: Headers): string =>
  headers.map(([key, value]) => `${key}: ${value}\n`).join('');
