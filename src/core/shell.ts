const bare = /^[\w@%+=:,./-]+$/;

/** A text as one word of a shell's line: as it is, or in quotes. */
export const shellWord = (text: string): string =>
  bare.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
