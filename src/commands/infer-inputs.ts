import type { KeyObject } from 'node:crypto';
import { readCaptures } from '../actions/captures.ts';
import { collect } from '../actions/infer.ts';
import type { Context } from '../context.ts';
import type { Capture } from '../core/capture.ts';
import { publicKeyOf } from '../core/infer/asymmetric.ts';
import type { GivenSecret, Sample } from '../core/infer/sample.ts';
import { deliveries, formatDuration } from '../core/quantity.ts';
import { defaultPort } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import { defaultLimits } from '../io/server.ts';
import { SkippedCount } from './captured.ts';
import { openInput, readText } from './input.ts';
import type { ReportFlags } from './reporting.ts';
import { configuredLines, type SecretFlags, variableOf } from './secrets.ts';
import { type ConfigFlags, openSettings } from './settings.ts';

export interface InferFlags extends ConfigFlags, SecretFlags, ReportFlags {
  readonly provider?: string;
  readonly url?: string;
  readonly publicKeyFile?: string;
  readonly listen?: number | true;
  /** How long `listen` waits, ms. */
  readonly within?: number;
  readonly write?: boolean;
}

/**
 * The public key to verify with.
 * @throws {UsageError} where the file holds none
 */
export async function readPublicKey(
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

/**
 * The secrets without the white space around them, and as they are given: both are tried.
 * @throws {UsageError} where there is none, and one is needed
 */
export async function readSecrets(
  flags: InferFlags,
  context: Context,
  isOptional: boolean,
): Promise<GivenSecret[]> {
  const { secretFile, provider } = flags;
  const bare = (line: string) =>
    provider !== undefined && line.startsWith(`${provider}=`) ? line.slice(provider.length + 1) : line;
  const given = (line: string): GivenSecret => ({ text: bare(line).trim(), spaced: bare(line) });
  const found = await givenLines(flags, context);
  const secrets = found.map(given).filter(({ text }) => text !== '');
  if (secrets.length > 0) return secrets;
  if (secretFile !== undefined)
    throw new UsageError(`--secret-file ${secretFile} holds no secret`, 'write one secret a line');
  if (isOptional) return [];
  throw new UsageError(
    'a scheme is found with the secret, and there is none',
    `give it with --secret-file or ${provider === undefined ? 'HOOKS_<PROVIDER>_SECRET (and --provider)' : variableOf(provider)}`,
  );
}

/** File, flag, environment, configuration: the first that is there. */
async function givenLines(
  { secretFile, secret, provider, ...flags }: InferFlags,
  context: Context,
): Promise<readonly string[]> {
  const settings = () => openSettings(flags, context, { checked: false });
  // One that is named must be there, even where it is not needed for this.
  if (flags.config !== undefined) await settings();
  if (secretFile !== undefined) return linesOf(await readText(secretFile, '--secret-file', context));
  if (secret) return secret;
  if (provider === undefined) return [];
  const own = context.env[variableOf(provider)];
  if (own) return [own];
  return (await configuredLines(await settings(), provider, context)).lines;
}

/** Lines with the line break at their end. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** More deliveries tell nothing more. */
const mostCaptures = 200;

/** How much captures are to the point: of those that came in before those that were only made. */
interface Kept {
  readonly came: boolean;
  /** Whose they are said to be: the provider that is asked for, nobody's, or another's. */
  readonly whose: 'own' | 'open' | 'other';
  readonly captures: Capture[];
  count: number;
}

/**
 * The deliveries of all files that are to the point: those that came in, where none did those that were only made; those
 * of the provider, where none are those that nobody knows.
 * @throws {UsageError} where a file holds none
 */
export async function readSamples(
  files: readonly string[],
  { provider }: InferFlags,
  context: Context,
  say: (words: string) => void,
): Promise<Sample[]> {
  const kept = [true, false].flatMap((came) =>
    (['own', 'open', 'other'] as const).map((whose): Kept => ({ came, whose, captures: [], count: 0 })),
  );
  const whoseIs = ({ said }: Capture) => {
    if (provider === undefined || said === undefined) return 'open';
    return said.provider === provider ? 'own' : 'other';
  };
  for (const file of files) {
    let count = 0;
    const skipped = await eachCapture(file, context, (capture) => {
      const same = kept.find(
        ({ came, whose }) => came === capture.came && whose === whoseIs(capture),
      ) as Kept;
      if (same.captures.length < mostCaptures) same.captures.push(capture);
      same.count += 1;
      count += 1;
    });
    if (count === 0 && !context.interrupt.aborted)
      throw new UsageError(
        `FILE ${file} holds no delivery`,
        'it takes what `hooks listen --record` writes, a HAR file, a raw HTTP request, or a curl command line',
      );
    if (skipped) say(`${file}: ${skipped}`);
  }
  const [best, ...others] = kept.filter(({ count }) => count > 0);
  const left = others.filter(({ came }) => came === best?.came).reduce((sum, { count }) => sum + count, 0);
  if (left > 0) say(`${deliveries(left)} of others than ${provider} left out, by what was recorded of them`);
  if (best && best.count > mostCaptures)
    say(
      `only the first ${mostCaptures} deliveries are looked at; there are ${best.count - mostCaptures} more`,
    );
  return best?.captures ?? [];
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

/** Two deliveries as they come, or as many as come in time. */
export async function heard(
  listen: number | true,
  within: number | undefined,
  context: Context,
  say: (words: string) => void,
): Promise<Sample[]> {
  const options = {
    port: listen === true ? defaultPort : listen,
    limits: defaultLimits,
    now: context.now,
    interrupt: context.interrupt,
    within,
    ready: (port: number) =>
      say(`listening on http://localhost:${port}/ for two deliveries (Ctrl-C ends it)`),
    cameAgain: () => say('the same delivery again, not counted: send another one'),
    came: ({ received }: Sample, count: number) =>
      say(`${count} of 2: ${received.method} ${received.path.split('?')[0]}, ${received.body.length} B`),
  };
  const samples = await collect(options, (fact) => {
    if (fact.kind === 'notice') say(fact.message);
  });
  if (within !== undefined && samples.length < 2 && !context.interrupt.aborted)
    say(`within ${formatDuration(within)} there came ${samples.length === 0 ? 'nothing' : 'one delivery'}`);
  return samples;
}
