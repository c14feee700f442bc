import { refusal } from './refusal.ts';

/** Options with a value that change nothing of what is signed. */
const idle =
  'max-time m connect-timeout retry retry-delay output o proxy x cacert cert E key write-out w resolve interface dump-header D cookie-jar c max-redirs limit-rate'.split(
    ' ',
  );
/** Options without one. */
const switches =
  'silent s show-error S include i insecure k location L verbose v compressed globoff g fail f fail-with-body http1.0 http1.1 http2 no-buffer N progress-bar # path-as-is ipv4 4 ipv6 6 get head'.split(
    ' ',
  );
/** Options whose bytes are not in the line, or not as they are sent. */
const files = 'form F form-string upload-file T config K data-urlencode netrc-file'.split(' ');
const withValue =
  'request header data data-raw data-binary data-ascii json user url user-agent referer cookie'.split(' ');

const longNames: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  u: 'user',
  G: 'get',
  A: 'user-agent',
  e: 'referer',
  b: 'cookie',
  I: 'head',
};

/** An option as it was given. */
export type Given = readonly [name: string, value: string];

/**
 * Options, by their long names, and addresses (`url`) in their order.
 * @throws {UsageError} for one that is not understood, or whose bytes stand in a file
 */
export function optionsOf(words: readonly string[]): Given[] {
  const given: Given[] = [];
  const rest = [...words];
  const take = (name: string, inline?: string) => {
    if (files.includes(name))
      throw refusal(
        `has ${dashes(name)}, whose bytes are not in it`,
        'capture the raw request instead: `hooks listen --record FILE`',
      );
    if (switches.includes(name)) return given.push([name, '']);
    if (!withValue.includes(name) && !idle.includes(name))
      throw refusal(
        `has ${dashes(name)}, which is not understood`,
        'leave it out, where it changes nothing of the request',
      );
    const value = inline ?? rest.shift();
    if (value === undefined) throw refusal(`ends behind ${dashes(name)}`, 'copy all of it');
    return given.push([name, value]);
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('--')) {
      take(word.slice(2));
    } else if (word.startsWith('-') && word.length > 1) {
      takeShort(word.slice(1), take);
    } else given.push(['url', word]);
  }
  return given;
}

/** `-sSXPOST`: switches, then one that takes the rest as its value. */
function takeShort(letters: string, take: (name: string, inline?: string) => void): void {
  for (const [index, letter] of [...letters].entries()) {
    const name = longNames[letter] ?? letter;
    const tail = letters.slice(index + 1);
    take(name, tail === '' ? undefined : tail);
    if (!switches.includes(name)) return;
  }
}

const dashes = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);
