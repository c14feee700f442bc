/** Rules that forge a signature, and leave the rest as it is. */
export const forged = [
  'tampered-body',
  'tampered-whitespace',
  'tampered-id',
  'tampered-timestamp',
  'wrong-secret',
  'other-body-signature',
  'truncated-signature',
  'prefix-signature',
  'extended-signature',
  'case-changed-signature',
  'wrong-encoding',
  'no-version',
  'wrong-version',
  'unsigned-content',
  'undecoded-secret',
  'empty-key',
  'duplicate-headers',
  'algorithm-confusion',
  'unkeyed-digest',
  'replayed-body-new-id',
  'known-id-forged',
];

/** Rules that send no signature where one should be. */
export const unsigned = ['no-signature', 'empty-signature', 'signature-in-query'];

/** Rules that sign a time that is none, or not now. */
export const untimely = [
  'stale',
  'stale-by-a-day',
  'future',
  'timestamp-garbage',
  'timestamp-ms',
  'timestamp-negative',
];

/** Rules whose odd delivery holds JSON all the same, and must not be accepted unsigned. */
export const oddJson = [
  'json-scalar',
  'deep-nesting',
  'proto-pollution',
  'duplicate-keys',
  'invalid-utf8',
  'nul-bytes',
  'wrong-content-type',
  'gzip-body',
  'slow-body',
];

/** Rules that send an odd delivery, unsigned as well. */
export const odd = [...oddJson, 'not-json', 'empty-body', 'bom'];
