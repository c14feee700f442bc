import { answerWords, failedAt, judgeAll } from '../judge.ts';
import type { Judgement, Tried } from '../rule.ts';

/** The mistake of `data += chunk`. */
export const joinedAsText =
  'the body is put together as text, chunk by chunk: `data += chunk` breaks characters that a border cuts';

const remedy = 'collect the chunks as bytes (Buffers), and decode the whole of them once';

/**
 * Concludes of a body whose characters a border cuts and of its like that no border harms, by their labels: where the
 * first alone is refused, it is known why.
 */
export const concludeCut =
  (cut: string, unharmed: readonly string[]) =>
  (tried: readonly Tried[]): Judgement => {
    const judged = judgeAll(tried);
    const failed = judged.outcome === 'failed' ? judged.tried : undefined;
    const taken = (label: string) => tried.some(({ trial, accepted }) => trial.label === label && accepted);
    // 413 is a limit all the same.
    const refuses = failed && 'status' in failed.answer && failed.answer.status !== 413;
    if (!refuses || failed.trial.label !== cut || !unharmed.every(taken)) return judged;
    return { ...failedAt(failed, `${cut}: ${answerWords(failed.answer)}; ${joinedAsText}`), remedy };
  };
