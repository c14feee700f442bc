import type { Scheme } from './provider.ts';

/** What marks the `verify` of deliveries that carry nothing: shared with a copy of this library in a project. */
const mark = Symbol.for('hooks-cli: nothing is signed');

/** Finds nothing wrong, for nothing is signed. */
export const nothingSigned: Scheme['verify'] = Object.assign(() => [], { [mark]: true });

/** Whether deliveries of a scheme carry what can be checked. Only `none` has not; all else is judged by its `verify`. */
export const signs = ({ verify }: Scheme): boolean => !(mark in verify);
