/** A text whose `%xx` are decoded as UTF-8; as it stands where they are none. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
