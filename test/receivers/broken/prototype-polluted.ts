import { runInNewContext } from 'node:vm';
import { receiver } from '../correct/by-hand.ts';
import type { Broken, Start } from '../serve.ts';

/**
 * A program of its own, so that only its own Object.prototype can be spoilt: merges a body deeply into its settings,
 * and does not know what to do once every object has keys that nobody gave it.
 */
const merging = () =>
  runInNewContext(`
    const merge = (target, source, depth = 0) => {
      for (const key of Object.keys(source ?? {})) {
        const value = source[key];
        if (typeof value === 'object' && depth < 9) target[key] = merge(target[key] ?? {}, value, depth + 1);
        else target[key] = value;
      }
      return target;
    };
    const settings = {};
    (text) => {
      for (const key in {}) throw new TypeError('no such column: ' + key);
      merge(settings, JSON.parse(text));
    };
  `) as (text: string) => void;

const start: Start = (options) => {
  const merge = merging();
  return receiver({
    handle: (_event, { id, body }, { act }) => {
      merge(body.toString());
      act(id);
    },
  })(options);
};

/** A deep merge without care: one body changes what every object of the program is. */
export const prototypePolluted: Broken = {
  name: 'prototype-polluted',
  provider: 'roastify',
  start,
  mistake: 'merges the body into its settings, __proto__ included, and is another program afterwards',
  fails: ['proto-pollution'],
};
