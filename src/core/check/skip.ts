import { isTimed } from '../hmac-record.ts';
import type { Kit } from './kit.ts';

/** Says why a rule cannot be judged, or nothing. */
export type Skip = (kit: Kit) => string | undefined;

/** The first reason of several. */
export const oneOf =
  (...skips: readonly Skip[]): Skip =>
  (kit) =>
    skips.map((skip) => skip(kit)).find((reason) => reason !== undefined);

/** For the rules that are about the signature. */
export const needsSignature: Skip = ({ signing, record, provider }) => {
  if (provider.scheme.headers.length === 0) return 'the provider does not sign';
  if (signing !== true) return signing.not;
  return record === undefined ? 'the scheme is code, of which no forgery can be made' : undefined;
};

export const needsHeaderId: Skip = ({ record }) =>
  record?.names.id === undefined ? 'deliveries carry no id of their own' : undefined;

export const needsSignedId: Skip = ({ record }) =>
  record?.names.id !== undefined && record.over.includes('{id}') ? undefined : 'the scheme signs no id';

export const needsTime: Skip = ({ record }) =>
  record && isTimed(record) ? undefined : 'the scheme has no timestamp';

export const needsTolerance: Skip = (kit) =>
  needsTime(kit) ?? (kit.record?.tolerance ? undefined : 'the scheme has no tolerance');

export const needsList: Skip = ({ record }) =>
  record?.separator === undefined ? 'the header holds one signature only' : undefined;

/** A version such as `v1` before the signature. */
export const needsVersion: Skip = ({ record }) =>
  record && /v1[,=]\{signature\}/.test(record.value) ? undefined : 'the scheme has no versions';
