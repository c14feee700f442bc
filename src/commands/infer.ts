import type { KeyObject } from 'node:crypto';
import { type Command, Option } from 'commander';
import { readCaptures } from '../actions/captures.ts';
import { collect, runInference } from '../actions/infer.ts';
import type { Context } from '../context.ts';
import type { Capture } from '../core/capture.ts';
import { publicKeyOf } from '../core/infer/asymmetric.ts';
import type { Inference } from '../core/infer/infer.ts';
import type { GivenSecret, Sample } from '../core/infer/sample.ts';
import { printable, printableJson } from '../core/printable.ts';
import { defaultPort } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import { interruptionCode } from '../exit-codes.ts';
import { openSchemes, type WriteScheme } from '../io/scheme-file.ts';
import { defaultLimits } from '../io/server.ts';
import { barOf, openProgress } from '../report/progress.ts';
import { SkippedCount } from './captured.ts';
import type { Run } from './command.ts';
import { openInput, readText, refuseTwoStdins } from './input.ts';
import { examples, secretOptions, valueOption, wholeNumber } from './options.ts';
import { openChalk, type ReportFlags } from './reporting.ts';
import { type SecretFlags, variableOf } from './secrets.ts';
import { openSettings } from './settings.ts';

interface InferFlags extends SecretFlags, ReportFlags {
  readonly provider?: string;
  readonly url?: string;
  readonly publicKeyFile?: string;
  readonly listen?: number | true;
  readonly write?: boolean;
}

/** Declares `hooks infer`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('[files...]', 'recordings, HAR files, raw HTTP requests, curl command lines; - is stdin')
    .addOption(valueOption('--provider <name>', 'whose deliveries these are: any name', providerName))
    .addOption(valueOption('--url <url>', 'the address as it is registered with the provider', httpUrl))
    .addOption(valueOption('--public-key-file <file>', 'a public key to verify with: PEM, or base64'))
    .addOption(
      new Option(
        '--listen [port]',
        `wait for two deliveries on this port (default: ${defaultPort})`,
      ).argParser(wholeNumber(0, 65535)),
    )
    .addOption(new Option('--write', 'put the scheme into hooks.config.json'));
  secretOptions(command).addOption(new Option('--json', 'print the result as one JSON object'));
  examples(command, [
    ['hooks infer deliveries.jsonl --secret-file secret.txt', 'what `hooks listen --record` wrote'],
    ['hooks infer one.http two.http --provider acme', 'two raw requests; the secret is in HOOKS_ACME_SECRET'],
    ['hooks infer copied.sh --secret-file secret.txt', 'a curl command line'],
    ['hooks infer a.har --url https://acme.test/in --secret-file secret.txt', 'the address is signed, too'],
    ['hooks infer --listen 3000 --secret-file secret.txt', 'two deliveries as they come'],
    ['hooks infer a.jsonl --provider acme --secret-file secret.txt --write', 'and write it down'],
  ]);
  command.action((files: string[]) =>
    run((context) => inferScheme(files, command.optsWithGlobals<InferFlags>(), context)),
  );
}

function providerName(text: string): string {
  const name = text.toLowerCase();
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return name;
  throw new UsageError(
    `"${text}" is no provider's name`,
    'write lower-case letters, digits and hyphens: acme-shop',
  );
}

function httpUrl(text: string): string {
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new UsageError(`"${text}" is not an address`, 'write all of it: https://example.com/webhooks');
}

/**
 * Finds the scheme of captured deliveries; 0 when one is found.
 * @param openWriter opens the place where a scheme is written to
 */
export async function inferScheme(
  files: readonly string[],
  flags: InferFlags,
  context: Context,
  openWriter: () => WriteScheme = openSchemes,
): Promise<number> {
  refuseIdle(files, flags);
  const publicKey = await readPublicKey(flags, context);
  const secrets = await readSecrets(flags, context, publicKey !== undefined);
  const write = flags.write ? openWriter() : undefined;
  const say = (words: string) => context.err.write(`${printable(words)}\n`);
  if (flags.secret) say('--secret shows in the process list; --secret-file does not');
  const samples =
    flags.listen === undefined
      ? await readSamples(files, context, say)
      : await heard(flags.listen, context, say);
  const wasInterrupted = context.interrupt.aborted;
  if (samples.length === 0 || (wasInterrupted && flags.listen === undefined))
    return interruptionCode(context.interrupt);
  const progress = openProgress(context.err, 1);
  const found = await runInference(
    samples,
    { secrets, publicKey, url: flags.url, quick: wasInterrupted, now: context.now() },
    {
      // What has come is not lost: the likely schemes are gone through all the same.
      interrupt: wasInterrupted ? new AbortController().signal : context.interrupt,
      progress: ({ done, total }) => progress.say(`${barOf(done, total)} ${done} of ${total} tried`),
    },
  );
  progress.clear();
  if (found === undefined) {
    say('interrupted: the search was not at its end');
    return interruptionCode(context.interrupt);
  }
  await print(found, flags, context);
  if (write) await keep(write, found, flags.provider as string, context, say);
  if (wasInterrupted) return interruptionCode(context.interrupt);
  return found.status === 'confirmed' || found.status === 'candidate' ? 0 : 1;
}

function refuseIdle(
  files: readonly string[],
  { listen, write, provider, secretFile, publicKeyFile }: InferFlags,
): void {
  const inputs = { '--secret-file': secretFile, '--public-key-file': publicKeyFile };
  refuseTwoStdins({ FILE: files.find((file) => file === '-'), ...inputs });
  if (files.filter((file) => file === '-').length > 1)
    throw new UsageError('FILE - stands twice, and stdin is read once', 'give it once');
  if (listen !== undefined && files.length > 0)
    throw new UsageError('give either FILEs or --listen', '`hooks infer --help` has examples');
  if (listen === undefined && files.length === 0)
    throw new UsageError(
      'give a FILE with captured deliveries, or --listen',
      '`hooks infer --help` has examples',
    );
  if (write && provider === undefined)
    throw new UsageError(
      '--write needs the name of the provider',
      'give it with --provider, such as --provider acme',
    );
}

async function readPublicKey(
  { publicKeyFile }: InferFlags,
  context: Context,
): Promise<KeyObject | undefined> {
  if (publicKeyFile === undefined) return undefined;
  const text = await readText(publicKeyFile, '--public-key-file', context);
  try {
    return publicKeyOf(text);
  } catch (error) {
    const reason = (error as Error).message.startsWith('it is')
      ? (error as Error).message
      : 'it is neither PEM nor base64 of a key';
    throw new UsageError(
      `--public-key-file ${publicKeyFile} holds no public key: ${reason}`,
      'give PEM (-----BEGIN PUBLIC KEY-----), or the base64 that the provider shows',
    );
  }
}

/** The secrets as they stand, and without the white space around them: both are tried. */
async function readSecrets(
  { secretFile, secret, provider }: InferFlags,
  context: Context,
  isOptional: boolean,
): Promise<GivenSecret[]> {
  const bare = (line: string) =>
    provider !== undefined && line.startsWith(`${provider}=`) ? line.slice(provider.length + 1) : line;
  const given = (line: string): GivenSecret => ({ text: bare(line).trim(), spaced: bare(line) });
  const variable = provider === undefined ? undefined : variableOf(provider);
  const own = variable === undefined ? undefined : context.env[variable];
  const found =
    secretFile !== undefined
      ? linesOf(await readText(secretFile, '--secret-file', context))
      : (secret ?? (own ? [own] : []));
  const secrets = found.map(given).filter(({ text }) => text !== '');
  if (secrets.length > 0) return secrets;
  if (secretFile !== undefined)
    throw new UsageError(`--secret-file ${secretFile} holds no secret`, 'write one secret a line');
  if (isOptional) return [];
  throw new UsageError(
    'a scheme is found with the secret, and there is none',
    `give it with --secret-file or ${variable ?? 'HOOKS_<PROVIDER>_SECRET (and --provider)'}`,
  );
}

/** Lines with the line break at their end. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** More deliveries tell nothing more. */
const mostCaptures = 200;

/** The deliveries of all files: those that came in; where none did, those that were only made. */
async function readSamples(
  files: readonly string[],
  context: Context,
  say: (words: string) => void,
): Promise<Sample[]> {
  const kept: Record<'came' | 'made', Capture[]> = { came: [], made: [] };
  let more = 0;
  for (const file of files) {
    let count = 0;
    const skipped = await eachCapture(file, context, (capture) => {
      const same = kept[capture.came ? 'came' : 'made'];
      if (same.length < mostCaptures) same.push(capture);
      else more += 1;
      count += 1;
    });
    if (count === 0 && !context.interrupt.aborted)
      throw new UsageError(
        `FILE ${file} holds no delivery`,
        'it takes what `hooks listen --record` writes, a HAR file, a raw HTTP request, or a curl command line',
      );
    if (skipped) say(`${file}: ${skipped}`);
  }
  if (more > 0) say(`only the first ${mostCaptures} deliveries are looked at; there are ${more} more`);
  return kept.came.length > 0 ? kept.came : kept.made;
}

/** Reads a file of captures, and says what was skipped in it. */
async function eachCapture(
  file: string,
  context: Context,
  take: (capture: Capture) => void,
): Promise<string | undefined> {
  const skipped = new SkippedCount();
  const source = await openInput(file, 'FILE', context);
  try {
    for await (const found of readCaptures(source.read())) {
      skipped.take(found);
      if ('capture' in found) take(found.capture);
    }
  } finally {
    await source.close();
  }
  return skipped.words;
}

/** Two deliveries as they come. */
async function heard(
  listen: number | true,
  context: Context,
  say: (words: string) => void,
): Promise<Sample[]> {
  const options = {
    port: listen === true ? defaultPort : listen,
    limits: defaultLimits,
    now: context.now,
    interrupt: context.interrupt,
    ready: (port: number) =>
      say(`listening on http://localhost:${port}/ for two deliveries (Ctrl-C ends it)`),
    came: ({ received }: Sample, count: number) =>
      say(`${count} of 2: ${received.method} ${received.path.split('?')[0]}, ${received.body.length} B`),
  };
  return collect(options, (fact) => {
    if (fact.kind === 'notice') say(fact.message);
  });
}

async function print(
  { status, kind, scheme, words, tried }: Inference,
  flags: InferFlags,
  context: Context,
): Promise<void> {
  const { out } = context;
  if (flags.json) {
    const result = { status, kind, ...(scheme ? { scheme } : {}), words: words.join('. '), tried };
    out.write(`${printableJson(JSON.stringify(result))}\n`);
    return;
  }
  const chalk = await openChalk(flags, context);
  const paint = { confirmed: chalk.green, candidate: chalk.yellow, disagree: chalk.red, none: chalk.red }[
    status
  ];
  const [first = '', ...more] = words.map(printable);
  const { left_out, ...counts } = tried;
  const numbers = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const lines = [
    paint(first),
    ...more.map((line) => `  ${line}`),
    ...(scheme ? [printableJson(JSON.stringify(scheme, undefined, 2))] : []),
    chalk.dim(`tried: ${numbers.join(', ')}`),
    ...left_out.map((line) => chalk.dim(`not tried: ${printable(line)}`)),
  ];
  out.write(`${lines.join('\n')}\n`);
}

async function keep(
  write: WriteScheme,
  { status, scheme }: Inference,
  provider: string,
  context: Context,
  say: (words: string) => void,
): Promise<void> {
  const isFound = status === 'confirmed' || status === 'candidate';
  if (!isFound || scheme === undefined) return say('nothing was written: there is no scheme to write');
  say(`written to ${write(provider, scheme)}, as the scheme of ${provider}`);
  // What else is wrong with the configuration is said by the commands that use it.
  const settings = await openSettings({}, context).catch(() => undefined);
  if (settings && !settings.providers.some(({ name }) => name === provider))
    say(`next: \`hooks provider import FILE --name ${provider}\` declares what it sends`);
}
