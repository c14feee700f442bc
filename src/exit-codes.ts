/** 128 and the signal's number, as shells have it. A reader that left is no failure; output that is lost is one. */
const codes: Readonly<Record<string, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
  EPIPE: 0,
  OUTPUT_LOST: 1,
};

/** The exit code of a run that was cut short. */
export const interruptionCode = ({ reason }: Pick<AbortSignal, 'reason'>): number =>
  codes[String(reason)] ?? 1;

/** The exit code of a run whose work so far has a code of its own, which a reader that left does not change. */
export const codeAfter = (interrupt: AbortSignal, own: number): number =>
  interrupt.aborted && interrupt.reason !== 'EPIPE' ? interruptionCode(interrupt) : own;
