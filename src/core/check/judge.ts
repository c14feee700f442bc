import type { Answer } from '../types.ts';
import type { Kit } from './kit.ts';
import type { Expectation, Judgement, Rule, Tried } from './rule.ts';

/** An answer in a few words. */
export function answerWords(answer: Answer): string {
  if ('status' in answer) return `answered ${answer.status}`;
  const words = {
    refused: 'nothing listens there',
    timeout: `no answer within ${Math.round(answer.ms)} ms`,
    dns: 'its name is unknown',
    tls: 'TLS failed',
    reset: 'the connection was dropped',
    aborted: 'we were interrupted',
  };
  return words[answer.failure];
}

/** Whether nothing listens there any more. */
export const isGone = (answer: Answer): boolean => 'failure' in answer && answer.failure === 'refused';

/** Whether it limits the rate: what it makes of the delivery itself is not known. */
export const isLimited = ({ answer, accepted }: Tried): boolean =>
  'status' in answer && answer.status === 429 && !accepted;

/** Whether a delivery met somebody, and was not accepted: not for its rate, nor because we were interrupted. */
export const isRefusal = (tried: Tried): boolean =>
  !tried.accepted && !isGone(tried.answer) && told([tried]).length > 0;

/** A connection that was dropped, and not by us. */
export const isDropped = ({ answer, message }: Tried): boolean =>
  'failure' in answer && answer.failure === 'reset' && message.pace !== 'cut';

/** A gateway's answer: who stands behind it is not there, or does not answer. */
export const isGateway = (answer: Answer): boolean =>
  'status' in answer && answer.status >= 502 && answer.status <= 504;

/** What a receiver that goes may leave of a delivery that it has, alone or behind a gateway. */
export const isCut = (tried: Tried): boolean => isDropped(tried) || isGateway(tried.answer);

/** The answers that say something of a rule: not that we were interrupted or turned away for our rate, or met nobody. */
export const told = (tried: readonly Tried[]): Tried[] =>
  tried.filter((each) => {
    const { answer } = each;
    return !isLimited(each) && !isGone(answer) && !('failure' in answer && answer.failure === 'aborted');
  });

/** 501 says that the method is not there, as many servers answer a GET. */
const isUp = (answer: Answer): boolean =>
  'status' in answer && (answer.status < 500 || answer.status === 501);
const isClosed = (answer: Answer): boolean => 'failure' in answer && answer.failure === 'reset';

const meets: Readonly<Record<Expectation, (tried: Tried) => boolean>> = {
  accept: ({ accepted }) => accepted,
  // Whoever is gone has refused nothing.
  refuse: ({ accepted, answer }) => !accepted && !isGone(answer),
  stand: ({ answer }) => isUp(answer),
  'stand-refusing': ({ answer, accepted }) => isUp(answer) && !accepted,
  'stand-or-close': ({ answer }) => isUp(answer) || isClosed(answer),
  'stand-refusing-or-close': ({ answer, accepted }) => (isUp(answer) && !accepted) || isClosed(answer),
  any: () => true,
};

/** Whether what came of a trial is what must come of it. */
export const isMet = (tried: Tried): boolean => meets[tried.trial.expect](tried);

/** A failure that one message decided. */
export const failedAt = (tried: Tried, reason: string): Judgement => ({ outcome: 'failed', reason, tried });

/** A receiver that was gone again after a message that was sent again, alone: whoever can send that can end it. */
export const judgeGone = (tried: Tried): Judgement => ({
  ...failedAt(tried, `${tried.trial.label}: ${answerWords(tried.answer)}, and then the receiver was gone`),
  level: 'MUST',
});

/** A receiver that accepts no genuine delivery any more after what one rule sent. */
export const judgeBroken = (tried: Tried): Judgement =>
  failedAt(
    tried,
    `the next genuine delivery was refused (${answerWords(tried.answer)}), and so were all since: what was sent here, or shortly before, left something behind`,
  );

/** Passed when each message met what it must; else one that did not, in words: a forged one that was taken before all. */
export function judgeAll(tried: readonly Tried[]): Judgement {
  const unmet = tried.filter((each) => !isMet(each));
  const failed = unmet.find(({ accepted }) => accepted) ?? unmet[0];
  if (!failed) return { outcome: 'passed' };
  const { trial, answer } = failed;
  const words = answerWords(answer);
  if (trial.role === 'twin') {
    const reason = `the ordinary delivery that it is held against was refused (${words}), so nothing can be concluded`;
    return { outcome: 'skipped', reason, tried: failed, open: true };
  }
  if (trial.role === 'after') return failedAt(failed, `the next genuine delivery was refused: ${words}`);
  return failedAt(failed, `${trial.label}: ${words}`);
}

/** What the answers mean by the rule's own conclusion, or else each by itself. */
export const judgeTold = (rule: Rule, tried: readonly Tried[], kit: Kit): Judgement =>
  rule.conclude?.(tried, kit) ?? judgeAll(tried);
