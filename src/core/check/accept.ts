import { bodyRules, sizeRules } from './accept/bodies.ts';
import { eventRules, outOfOrder, unknownEventRule } from './accept/events.ts';
import { headerRules } from './accept/headers.ts';
import { signatureRules, whiteLabelHeaders } from './accept/signatures.ts';
import { loadRules, refusedIdNotBurnt, repetitionRules } from './accept/traffic.ts';
import type { Rule } from './rule.ts';

/** Legitimate deliveries that naive receivers break on. */
export const acceptRules: readonly Rule[] = [
  ...eventRules,
  ...bodyRules,
  unknownEventRule,
  ...sizeRules,
  ...headerRules,
  ...signatureRules,
  ...repetitionRules,
  outOfOrder,
  ...loadRules,
  refusedIdNotBurnt,
  whiteLabelHeaders,
];
