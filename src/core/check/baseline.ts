import { isSigned } from '../select.ts';
import type { Answer, Failure } from '../types.ts';
import { answerWords, judgeAll } from './judge.ts';
import type { Bench } from './kit.ts';
import type { Judgement, Tried } from './rule.ts';

/** What to do about a genuine delivery that met nobody, or no answer. */
const remedies: Readonly<Partial<Record<Failure, string>>> = {
  refused: 'start the receiver, or name its address in --to; --wait 30s waits for it',
  timeout: 'let the handler end the response; --timeout allows more',
  dns: 'look at the spelling of the name in --to',
  tls: 'look at the scheme of --to; --insecure accepts a certificate that nobody vouches for',
  reset: 'look into the receiver’s log for why it drops the connection',
};

/** What became of the genuine delivery that comes first, where it was not accepted. */
export const judgeBaseline = (tried: Tried, bench: Bench): Judgement => ({
  ...judgeAll([tried]),
  remedy: remedyOf(tried.answer, bench),
});

/** Nothing where the rule's own remedy will do. */
function remedyOf(answer: Answer, { provider }: Bench): string | undefined {
  if ('failure' in answer) return remedies[answer.failure];
  return isSigned(provider)
    ? undefined
    : 'check the path, and what the receiver asks for: these deliveries carry no signature';
}

/** Why the other rules were not tried. */
export function untriedReason(answer: Answer): string {
  if ('status' in answer) return 'the genuine delivery was refused';
  return answer.failure === 'refused' ? 'nothing listens there' : 'the genuine delivery was not answered';
}

/**
 * Why a check ended at its first delivery.
 * @param host where it was sent to
 */
export function baselineWords(answer: Answer, host: string): string {
  if ('status' in answer)
    return `a genuine delivery was refused (${answerWords(answer)}), so nothing else was tried`;
  return answer.failure === 'refused'
    ? `nothing listens at ${host}, so nothing was tried`
    : `a genuine delivery was not answered (${answerWords(answer)}), so nothing else was tried`;
}
