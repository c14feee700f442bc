import type { Received, Verdict } from '../../core/types.ts';
import type { ListenOptions } from '../listen.ts';

/** Opens a court, which judges what comes. What judging takes, the validator above all, loads while the listener is already open. */
export async function openCourt(options: ListenOptions): Promise<(received: Received) => Verdict> {
  const [{ judge }, { Memory }, { makeValidate }] = await Promise.all([
    import('../../core/judge.ts'),
    import('../../core/memory.ts'),
    import('../../core/validate.ts'),
  ]);
  const memory = new Memory();
  const validate = makeValidate();
  const { knows: known, witnesses } = memory;
  const { providers, provider, secretsOf, strict = false, learning, now } = options;
  return (received: Received): Verdict => {
    // Spreading the options would take as long as the schema's check.
    const verdict = judge(received, {
      providers,
      provider,
      secretsOf,
      strict,
      learning,
      now: now(),
      validate,
      known,
      witnesses,
    });
    memory.remember(received, verdict, providers);
    return verdict;
  };
}
