/** The names of all problems. One is never renamed; new ones may come. */
export const problemCodes = [
  'SIGNATURE_MISSING',
  'SIGNATURE_MALFORMED',
  'SIGNATURE_MISMATCH',
  'SIGNATURE_UNKNOWN',
  'ID_MISSING',
  'TIMESTAMP_MISSING',
  'TIMESTAMP_MALFORMED',
  'TIMESTAMP_STALE',
  'TIMESTAMP_FUTURE',
  'PROVIDER_UNKNOWN',
  'EVENT_MISSING',
  'EVENT_UNKNOWN',
  'BODY_EMPTY',
  'BODY_NOT_JSON',
  'SCHEMA',
  'DUPLICATE',
  'METHOD',
  'CONTENT_TYPE',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** The ways in which a body is rewritten between its signing and us. */
export const bodyMistakes = [
  'BODY_COMPACT',
  'BODY_PRETTY',
  'BODY_SPACED',
  'BODY_SORTED_KEYS',
  'BODY_SLASH_ESCAPES',
  'BODY_UNICODE_ESCAPES',
  'BODY_TRAILING_NEWLINE',
  'BODY_CRLF',
  'BODY_BOM',
] as const;
export type BodyMistake = (typeof bodyMistakes)[number];

/** The names of the mistakes that can explain a mismatch. One is never renamed; new ones may come. */
export const mistakeCodes = [
  ...bodyMistakes,
  'SECRET_NOT_DECODED',
  'SECRET_DECODED',
  'SECRET_PREFIX',
  'SECRET_WHITESPACE',
  'SECRET_OF_OTHER_PROVIDER',
  'ENCODING_HEX',
  'ENCODING_BASE64',
  'ENCODING_BASE64URL',
  'ENCODING_UPPERCASE',
  'ENCODING_UNPADDED',
  'SIGNATURE_SHAPE',
  'DIGEST_ALGORITHM',
  'CONTENT_INCOMPLETE',
  'TIMESTAMP_MILLISECONDS',
  'SIGNATURE_OF_OTHER_ID',
  'SIGNATURE_OF_OTHER_ATTEMPT',
] as const;
export type MistakeCode = (typeof mistakeCodes)[number];
