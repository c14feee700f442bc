/** The bytes in so many parts, as equal as can be; none is empty. */
export const equalParts = (body: Uint8Array, parts: number): Uint8Array[] =>
  partedAt(
    body,
    Array.from({ length: parts - 1 }, (_, index) => Math.floor((body.length * (index + 1)) / parts)),
  );

/** The bytes in pieces that end inside of the first characters of several bytes; where there is none, in equal parts. */
export function partedCharacters(body: Uint8Array, cuts: number): Uint8Array[] {
  const places: number[] = [];
  for (let at = 0; at < body.length && places.length < cuts; at++)
    if ((body[at] as number) >= 0xc0) places.push(at + 1);
  return places.length === 0 ? equalParts(body, cuts + 1) : partedAt(body, places);
}

const partedAt = (body: Uint8Array, places: readonly number[]): Uint8Array[] =>
  [0, ...places].map((place, index) => body.subarray(place, places[index])).filter((part) => part.length > 0);
