/** A moment: a Date, ISO 8601 text, or ms since the epoch. */
export type Instant = Date | string | number;

/** Headers in any form that a server or a client has them in. */
export type HeadersLike =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;
