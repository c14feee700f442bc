import type { Answer } from '../types.ts';
import { answerWords } from './judge.ts';
import { links } from './links.ts';
import type { Judgement, Rule, Tried } from './rule.ts';

const retried = ({ answer }: Tried): boolean =>
  'status' in answer
    ? answer.status >= 500 || (answer.status >= 300 && answer.status < 400)
    : answer.failure === 'reset' || answer.failure === 'timeout';

/** An answer in a few words, however long it took. */
const kindWords = (answer: Answer): string =>
  'failure' in answer && answer.failure === 'timeout' ? 'no answer in time' : answerWords(answer);

/** How bad deliveries were refused; it sends nothing of its own. */
export const refusalRule: Rule = {
  id: 'refuses-with-4xx',
  group: 'answer',
  level: 'SHOULD',
  title: 'refuses with 4xx',
  why: 'A 5xx, a redirect or a dropped connection says: try again. The provider then repeats for days what will never be accepted, and may switch the endpoint off.',
  link: links.retries,
  sends: 'nothing of its own: it looks at the answers to all bad deliveries',
  expects: '4xx for each of them',
  remedy: 'answer 400 or 401 when the signature or the body is wrong, before anything throws',
  trials: () => [],
};

/** What the answers to the bad deliveries of all rules say. */
export function judgeRefusals(bad: readonly Tried[]): Judgement {
  if (bad.length === 0)
    return { outcome: 'skipped', reason: 'no bad delivery was sent: it looks at those of other rules' };
  const refused = bad.filter(({ accepted }) => !accepted);
  if (refused.length === 0) return { outcome: 'skipped', reason: 'nothing was refused' };
  const wrong = refused.filter(retried);
  const [first] = wrong;
  if (!first) return { outcome: 'passed' };
  const counts = new Map<string, number>();
  for (const { answer } of wrong) {
    const words = kindWords(answer);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const words = [...counts].map(([kind, count]) => `${kind} ×${count}`).join(', ');
  return {
    outcome: 'failed',
    reason: `${wrong.length} of ${refused.length} refusals: ${words}`,
    tried: first,
  };
}
