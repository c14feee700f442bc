import { comparedRules } from './refuse/compared.ts';
import { algorithmRules, keyRules } from './refuse/digests.ts';
import { duplicateHeaders, missing, signatureInQuery } from './refuse/headers.ts';
import { knownRules } from './refuse/known.ts';
import { tamperedRules } from './refuse/tampered.ts';
import { timeRules } from './refuse/times.ts';
import type { Rule } from './rule.ts';

/** What must never be accepted. */
export const refuseRules: readonly Rule[] = [
  ...missing,
  ...tamperedRules,
  ...comparedRules,
  ...keyRules,
  ...timeRules,
  duplicateHeaders,
  ...algorithmRules,
  signatureInQuery,
  ...knownRules,
];
