import leven from 'leven';

/** The candidate that a misspelt word most likely meant, or nothing when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceTo(wanted, candidate.toLowerCase());
    if (!best || distance < best.distance) best = { candidate, distance };
  }
  const near = best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3));
  return near ? best?.candidate : undefined;
}

/** Edits between the two; a word that is broken off counts as near its start. */
function distanceTo(word: string, candidate: string): number {
  const whole = leven(word, candidate);
  return word.length < 4 ? whole : Math.min(whole, leven(word, candidate.slice(0, word.length)) + 1);
}

/** `did you mean order.created?`, or the given words when nothing is near. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  otherwise?: string,
): string | undefined {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? otherwise : `did you mean ${candidate}?`;
}
