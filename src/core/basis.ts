import type { Basis, Sourced } from './types.ts';

const sourced =
  (basis: Basis) =>
  <T>(value: T, source: string): Sourced<T> => ({ value, basis, source });

/** The provider's own page says so; `source` is its address. */
export const documented = sourced('documented');
/** Seen in the provider's own code or a live integration; `source` says where. */
export const observed = sourced('observed');
/** Our convention; `source` gives the reason. */
export const assumed = sourced('assumed');
