/** Less than this part of a rate is worth a word. */
const heldPart = 0.9;

/** How a rate was kept: deliveries asked for and begun in a second, how many at once, and what an answer took, ms. */
export interface Kept {
  readonly asked: number;
  readonly begun: number;
  readonly concurrency: number;
  readonly answerMs: number;
}

/** What is to be said of a rate that was not held, and why it was not; nothing where it was. */
export function rateWords({ asked, begun, concurrency, answerMs }: Kept): string | undefined {
  if (begun >= asked * heldPart) return undefined;
  // So many are on their way at once where each is answered after so long (Little's law).
  const waiting = (asked * answerMs) / 1000;
  const connections = concurrency === 1 ? 'the one connection' : `all ${concurrency} connections`;
  const why =
    waiting > concurrency
      ? `${connections} waited for answers; a greater --concurrency or a faster receiver helps`
      : 'this machine makes no more';
  return `${asked} a second was asked for, ${Math.round(begun * 10) / 10} were begun: ${why}`;
}
