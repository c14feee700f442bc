import { type Command, Option } from 'commander';
import { runInference } from '../actions/infer.ts';
import type { Context } from '../context.ts';
import type { Inference } from '../core/infer/conclude.ts';
import { isOfOne } from '../core/infer/words.ts';
import { printable, printableJson } from '../core/printable.ts';
import type { Scheme } from '../core/provider.ts';
import { parseDuration } from '../core/quantity.ts';
import { schemeOf } from '../core/schemes.ts';
import { shellWord } from '../core/shell.ts';
import { defaultPort } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import { interruptionCode } from '../exit-codes.ts';
import { barOf, openProgress } from '../report/progress.ts';
import type { Run } from './command.ts';
import { heard, type InferFlags, readPublicKey, readSamples, readSecrets } from './infer-inputs.ts';
import { openWriter, schemeBefore, type Writer } from './infer-write.ts';
import { refuseTwoStdins } from './input.ts';
import { examples, secretOptions, valueOption, wholeNumber } from './options.ts';
import { openChalk } from './reporting.ts';
import { refuseConfig } from './settings.ts';

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
    .addOption(
      valueOption('--within <time>', 'with --listen: go on with what has come in this time', parseDuration),
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
  if (/^[a-z][a-z0-9-]*$/.test(name)) return name;
  throw new UsageError(
    `"${text}" is no provider's name`,
    'write lower-case letters, digits and hyphens, a letter first: acme-shop',
  );
}

function httpUrl(text: string): string {
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new UsageError(`"${text}" is not an address`, 'write all of it: https://example.com/webhooks');
}

/** Finds the scheme of captured deliveries; 0 when one is found, and written where that was asked for. */
async function inferScheme(files: readonly string[], flags: InferFlags, context: Context): Promise<number> {
  refuseIdle(files, flags);
  const publicKey = await readPublicKey(flags, context);
  const secrets = await readSecrets(flags, context, publicKey !== undefined);
  const writer = flags.write ? await openWriter(flags, context) : undefined;
  const say = (words: string) => context.err.write(`${printable(words)}\n`);
  if (flags.secret) say('--secret shows in the process list; --secret-file does not');
  const samples =
    flags.listen === undefined
      ? await readSamples(files, flags, context, say)
      : await heard(flags.listen, flags.within, context, say);
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
  const isKept = !writer || keep(writer, found, files[0], flags.provider ?? '', say);
  if (wasInterrupted) return interruptionCode(context.interrupt);
  return isFound(found) && isKept ? 0 : 1;
}

const isFound = ({ status }: Inference): boolean => status === 'confirmed' || status === 'candidate';

function refuseIdle(files: readonly string[], flags: InferFlags): void {
  const { listen, within, write, provider, secret, secretFile, publicKeyFile } = flags;
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
  if (listen === undefined && within !== undefined)
    throw new UsageError('--within goes with --listen', 'FILEs are not waited for: leave it out');
  const isSecretThere = provider === undefined || (secret ?? secretFile) !== undefined;
  if (isSecretThere && !write) refuseConfig(flags, 'nothing of a configuration is used here');
  if (write && provider === undefined)
    throw new UsageError(
      '--write needs the name of the provider',
      'give it with --provider, such as --provider acme',
    );
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

/** Writes what was found, and says what comes next; whether it could be written. */
function keep(
  { write, settings }: Writer,
  found: Inference,
  file: string | undefined,
  provider: string,
  say: (words: string) => void,
): boolean {
  if (!isFound(found) || found.scheme === undefined) {
    say(`nothing was written: ${isFound(found) ? 'no record can say this' : 'there is no scheme to write'}`);
    return false;
  }
  const before = schemeBefore(settings, provider);
  const isSame = before?.label === schemeOf(found.scheme).label;
  if (before && found.status === 'candidate' && isFirm(before)) {
    const what = `scheme that is ${before.basis} (${before.label}; ${before.source})`;
    say(
      isSame
        ? `nothing was written: ${provider} has this ${what} already`
        : `nothing was written: ${provider} has a ${what}, and one delivery is not enough to replace it: capture a second one, and give both`,
    );
    return isSame;
  }
  say(`written to ${write(provider, found.scheme)}, as the scheme of ${provider}`);
  if (before && !isSame) {
    // What stood in the file itself is gone.
    const back = settings.config.schemes?.[provider] ? '' : ': take it out of "schemes" to have that back';
    say(`it replaces the ${before.basis} scheme of ${provider} (${before.label}; ${before.source})${back}`);
  }
  if (!settings.providers.some(({ name }) => name === provider)) say(importStep(file, provider));
  return true;
}

/** Whether a scheme rests on more than our convention and one delivery. */
const isFirm = ({ basis, source }: Scheme): boolean => basis !== 'assumed' && !isOfOne(source);

/** How what a provider sends is declared: of what was captured, or of what is to be recorded for it. */
function importStep(file: string | undefined, provider: string): string {
  const recording = shellWord(file ?? `${provider}.jsonl`);
  const step = `\`hooks provider import ${recording} --name ${provider}\` declares what it sends`;
  return file === undefined
    ? `next: these deliveries were not kept: record some with \`hooks listen --record ${recording}\`, and ${step}`
    : `next: ${step}`;
}
