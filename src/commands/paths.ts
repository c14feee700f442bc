import { dirname, relative, resolve } from 'node:path';

/** A path as it is shown: from here, where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') && path.length < near.length ? path : near;
}

/** A path that stands in a configuration starts from its folder. */
export const fromConfig = (path: string, file: string): string => resolve(dirname(file), path);
