import { UsageError } from '../errors.ts';
import { maskUrl } from './mask.ts';
import { percentDecoded } from './percent.ts';
import type { Provider } from './provider.ts';
import { signs } from './signs.ts';
import type { Headers } from './types.ts';

/** The listener's default port: HOOK on a phone. */
export const defaultPort = 4665;

/** Where deliveries go: a URL without userinfo, and the headers that the userinfo became. */
export interface Target {
  readonly url: URL;
  readonly headers: Headers;
  /** The host's name is loopback. */
  readonly local: boolean;
  /** No port was given: the listener's default is meant. */
  readonly defaulted: boolean;
  /** The path was given, not merely implied by the form. */
  readonly hasPath: boolean;
}

const forms = 'write localhost, 3000, localhost:3000/path or a whole http(s) URL';

/**
 * Reads a TARGET: `localhost`, `3000`, `:3000`, `localhost:3000/path?token=x` or an http(s) URL.
 * @param port the one that is meant where this machine is named without one
 * @throws {UsageError} when it is none of these
 */
export function parseTarget(text: string, port = defaultPort): Target {
  const { url, defaulted } = locate(text, port);
  const headers: Headers = url.username || url.password ? [['authorization', basic(url)]] : [];
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    url,
    headers,
    local: isLoopback(url.hostname),
    defaulted,
    hasPath: url.pathname !== '/' || url.search !== '',
  };
}

function locate(text: string, own: number): { url: URL; defaulted: boolean } {
  const fail = (fault: string): never => {
    // What cannot be parsed may have its userinfo anywhere before the last "@".
    const shown = maskUrl(text.replace(/^([a-z]+:\/\/)?.*@/is, '$1••••@'));
    throw new UsageError(`"${shown}" is not a target: ${fault}`, forms);
  };
  if (/^https?:\/\//i.test(text)) return { url: parseUrl(text, fail), defaulted: false };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return fail('only http and https are spoken');
  const port = /^:?(\d+)(?=$|[/?])(.*)$/s.exec(text);
  if (port) return { url: parseUrl(`http://localhost:${port[1]}${port[2]}`, fail), defaulted: false };
  if (/^[/?]/.test(text) || text.trim() === '') return fail('it names no host');
  const url = parseUrl(`http://${text}`, fail);
  const explicit = /^(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*):\d+/.test(text);
  if (explicit) return { url, defaulted: false };
  if (!isLoopback(url.hostname)) return fail('without http:// or https:// a remote host needs its port');
  url.port = String(own);
  return { url, defaulted: true };
}

function parseUrl(text: string, fail: (fault: string) => never): URL {
  const url = URL.canParse(text) ? new URL(text) : fail(portFault(text) ?? 'it does not parse as a URL');
  return url.port === '0' ? fail('port 0 cannot be sent to') : url;
}

const portFault = (text: string): string | undefined => {
  const port = /^https?:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(text)?.[1];
  return port !== undefined && Number(port) > 65535 ? `port ${port} is above 65535` : undefined;
};

function basic(url: URL): string {
  return `Basic ${Buffer.from(`${percentDecoded(url.username)}:${percentDecoded(url.password)}`).toString('base64')}`;
}

/**
 * The path and query to ask a target for: its own, or if it has none those of another request. What that request says
 * of a host (`//evil`, `http://evil/`) is a path here, or nothing.
 */
export function pathAt({ url, hasPath }: Pick<Target, 'url' | 'hasPath'>, path: string): string {
  if (hasPath) return url.pathname + url.search;
  const own = path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  return own.startsWith('/') ? own : `/${own === '*' ? '' : own}`;
}

/** The address of such a path: whatever stands there, scheme, host and port are the target's. */
export function resolveUrl(target: Target, path: string): string {
  const resolved = new URL(target.url.origin + pathAt(target, path));
  resolved.hash = '';
  return resolved.href;
}

/** Whether a host's name, as a URL holds it, is loopback: `localhost`, `*.localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

/**
 * Refuses a remote host that nobody allowed.
 * @throws {UsageError} that says how to allow it
 */
export function guardRemote({ url, local }: Target, allowed: boolean, hosts: readonly string[]): void {
  if (local || allowed || hosts.some((host) => host.toLowerCase() === url.hostname.toLowerCase())) return;
  throw new UsageError(
    `${url.hostname} is not this machine; test deliveries stay on loopback unless you say otherwise`,
    `--allow-remote allows it once, HOOKS_ALLOW_HOSTS=${url.hostname} for good`,
  );
}

/**
 * Refuses to sign with a public example secret towards a remote host.
 * @param hint says how to give a secret
 * @throws {UsageError} that says so
 */
export function guardSecret(
  { scheme }: Provider,
  { url, local }: Target,
  example: boolean,
  hint: string,
): void {
  if (local || !example || !signs(scheme)) return;
  throw new UsageError(`the public example secret is not used towards ${url.hostname}`, hint);
}
