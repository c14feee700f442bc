import { covers, isTimed } from '../hmac-record.ts';
import { timeWords } from '../hmac-value.ts';
import { isSigned } from '../select.ts';
import type { Kit } from './kit.ts';

/** Says why a rule cannot be judged, or nothing. */
export type Skip = (kit: Kit) => string | undefined;

/** The first reason of several. */
export const oneOf =
  (...skips: readonly Skip[]): Skip =>
  (kit) =>
    skips.map((skip) => skip(kit)).find((reason) => reason !== undefined);

/** For the rules that are about the signature, or the secret that is sent. */
export const needsSignature: Skip = ({ provider, signing, carrier }) => {
  if (!isSigned(provider)) return 'the provider does not sign';
  if (carrier === undefined)
    return 'the scheme is code, and does not say where its signature stands: give it "carrier"';
  return signing === true ? undefined : signing.not;
};

/** For the rules that nothing but effects can decide. */
export const needsProbe: Skip = ({ probed }) =>
  probed ? undefined : 'no answer shows it: --effect-cmd or --effect-url would';

/** For the rules that are about the digest itself. */
export const needsDigest: Skip = ({ record, form }) => {
  if (record) return undefined;
  return form
    ? 'the signature is no HMAC, of which no such forgery can be made'
    : 'the scheme has no digest: the secret is sent as it is, or it is code';
};

/** For the rules that are about what is signed. */
export const needsSignedBody: Skip = ({ form }) => {
  if (!form) return 'nothing is signed: the secret is sent as it is, or the scheme is code';
  return covers(form, 'body', 'bodyhash') || form.bodyHashParameter !== undefined
    ? undefined
    : 'the scheme does not sign the body';
};

/** For the rules that are about a header. */
export const needsHeader: Skip = ({ carrier }) =>
  carrier?.in === 'header' ? undefined : `the signature stands in the ${carrier?.in}, in no header`;

export const needsHeaderId: Skip = ({ form }) =>
  form?.names.id === undefined ? 'deliveries carry no id of their own' : undefined;

export const needsSignedId: Skip = ({ form }) =>
  form?.names.id !== undefined && covers(form, 'id') ? undefined : 'the scheme signs no id';

export const needsTime: Skip = ({ form }) => {
  if (!form || !isTimed(form)) return 'the scheme has no timestamp';
  return covers(form, 'timestamp') ? undefined : 'the scheme does not sign its timestamp';
};

export const needsTolerance: Skip = (kit) =>
  needsTime(kit) ?? (kit.form?.tolerance ? undefined : 'the scheme has no tolerance');

/** For the rules that are about times ahead. */
export const needsFuture: Skip = (kit) =>
  needsTolerance(kit) ?? (kit.form?.tolerance?.future ? undefined : 'the scheme allows any time ahead');

/** For the rules that are about a number of seconds. */
export const needsSeconds: Skip = ({ form }) =>
  (form?.time ?? 'seconds') === 'seconds'
    ? undefined
    : `the time is written in ${timeWords[form?.time ?? 'seconds']}`;

export const needsNumber: Skip = ({ form }) =>
  form?.time === 'iso' || form?.time === 'http-date' ? 'the time is no number' : undefined;

export const needsList: Skip = ({ form, provider: { scheme } }) => {
  if (form?.separator === undefined) return 'the header holds one signature only';
  // A separator may part the time from the one signature that there ever is.
  return scheme.basis === 'observed' && !form.several
    ? 'the scheme is observed, and no delivery with several signatures was seen'
    : undefined;
};

/** A version such as `v1` before the signature. */
export const needsVersion: Skip = ({ record }) =>
  record && /v1[,=]\{signature\}/.test(record.value) ? undefined : 'the scheme has no versions';
