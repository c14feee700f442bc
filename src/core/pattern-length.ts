const escaped = /\\(?:u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|[pPk](?:\{[^}]*\}|<[^>]*>)|c[a-z]|.)/isy;
const set = /\[(?:\\.|[^\]\\])*\]/sy;
const opening = /\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/y;
const quantifier = /(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y;

/** How many characters a text has at least that a regular expression fits; an estimate, for back references count as one. */
export function leastLength(pattern: string): number {
  let at = 0;
  const take = (part: RegExp): RegExpExecArray | null => {
    part.lastIndex = at;
    const found = part.exec(pattern);
    at += found?.[0].length ?? 0;
    return found;
  };
  const alternatives = (): number => {
    let least = sequence();
    while (pattern[at] === '|') {
      at += 1;
      least = Math.min(least, sequence());
    }
    return least;
  };
  const sequence = (): number => {
    let length = 0;
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') length += atom() * times();
    return length;
  };
  const atom = (): number => {
    const group = take(opening);
    if (group) {
      const inner = alternatives();
      at += 1;
      return /[=!]$/.test(group[0]) ? 0 : inner;
    }
    const character = take(escaped);
    if (character) return /^\\b$/i.test(character[0]) ? 0 : 1;
    if (take(set)) return 1;
    at += 1;
    return '^$'.includes(pattern[at - 1] as string) ? 0 : 1;
  };
  const times = (): number => {
    const found = take(quantifier);
    if (!found) return 1;
    return found[1] === undefined ? Number(found[0].startsWith('+')) : Number(found[1]);
  };
  return alternatives();
}
