import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnv } from './command.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A folder apart, with the tarball in it and an npm that knows nothing of this machine. */
export interface Packed {
  readonly folder: string;
  /** The tarball's name. */
  readonly tarball: string;
  readonly env: NodeJS.ProcessEnv;
  readonly npm: (...words: string[]) => string;
  readonly remove: () => void;
}

/** Packs the package as it is built, as a publisher would. */
export function pack(): Packed {
  const base = mkdtempSync(join(tmpdir(), 'hooks-packed-'));
  const folder = join(base, 'project');
  mkdirSync(folder);
  const env = npmEnv(base);
  const [made] = JSON.parse(
    npm(root, env, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  ) as [{ filename: string }];
  return {
    folder,
    tarball: made.filename,
    env,
    npm: (...words) => npm(folder, env, words),
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The files that would be packed. */
export function packingList(): {
  readonly filename: string;
  readonly files: readonly { path: string }[];
  readonly unpackedSize: number;
} {
  return JSON.parse(npm(root, process.env, ['pack', '--dry-run', '--json', '--ignore-scripts']))[0];
}

/** Without what `npm test` hands down to its scripts, offline, with an empty prefix and cache. */
function npmEnv(base: string): NodeJS.ProcessEnv {
  const own = Object.entries(cleanEnv()).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE_PATH$)/i.test(name));
  return {
    ...Object.fromEntries(own),
    npm_config_userconfig: join(base, 'no-user-npmrc'),
    npm_config_globalconfig: join(base, 'no-global-npmrc'),
    npm_config_cache: join(base, 'cache'),
    npm_config_prefix: join(base, 'prefix'),
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

function npm(cwd: string, env: NodeJS.ProcessEnv, words: string[]): string {
  return execFileSync('npm', words, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm is a batch file on Windows, which only a shell runs.
    shell: process.platform === 'win32',
  });
}
