import { type Bench, type Kit, kitOf } from '../../src/core/check/kit.ts';
import type { Message, Rule, Trial, Tried } from '../../src/core/check/rule.ts';
import { rules } from '../../src/core/check/rules.ts';
import { payloadMaker } from '../../src/core/fake.ts';
import type { HmacRecord } from '../../src/core/hmac-record.ts';
import type { Provider } from '../../src/core/provider.ts';
import { hmac } from '../../src/core/scheme.ts';
import type { Answer } from '../../src/core/types.ts';
import { providers } from '../../src/providers/index.ts';
import { now } from './deliveries.ts';

const payload = payloadMaker();

export const providerOf = (name: string): Provider => providers.find((each) => each.name === name)!;

/** What a run of `hooks check` shares, with signatures checked. */
export function benchOf(name: string | Provider = 'roastify', more: Partial<Bench> = {}): Bench {
  const provider = typeof name === 'string' ? providerOf(name) : name;
  return {
    provider,
    secret: provider.exampleSecret,
    signing: true,
    event: Object.keys(provider.events)[0]!,
    seed: 4821,
    at: now,
    accepts: (status) => status >= 200 && status <= 299,
    timeoutMs: 15_000,
    payload,
    ...more,
  };
}

/** The rules that nothing but effects can decide. */
export const probedRules = rules.filter(({ effectOnly }) => effectOnly);

/** A provider with a scheme of the test's own. */
export const withRecord = (more: Partial<HmacRecord>): Provider => {
  const provider = providerOf('shoprocket');
  return { ...provider, scheme: hmac({ ...provider.scheme.record!, ...more }) };
};

/** As Stripe signs: the time stands in the header beside the signature. */
export const stripeLike = withRecord({
  names: { signature: 'Stripe-Signature' },
  over: '{timestamp}.{body}',
  value: 't={timestamp},v1={signature}',
  separator: ',',
  tolerance: { seconds: 300, future: true },
});

/** As GitHub signs: the body alone. */
export const githubLike = withRecord({
  names: { signature: 'X-Hub-Signature-256' },
  over: '{body}',
  value: 'sha256={signature}',
});

export const ruleOf = (id: string): Rule => rules.find((each) => each.id === id)!;

export const kitFor = (bench: Bench, id: string): Kit => kitOf(bench, id);

/** A trial and the message that it makes. */
export interface Made {
  readonly trial: Trial;
  readonly message: Message;
}

/** What a rule sends at a time. */
export const madeBy = (bench: Bench, id: string, at = now): Made[] =>
  ruleOf(id)
    .trials(kitOf(bench, id))
    .map((trial) => ({ trial, message: trial.make(at) }));

/** The rules that are not skipped. */
export const rulesFor = (bench: Bench): Rule[] =>
  rules.filter((rule) => rule.skip?.(kitOf(bench, rule.id)) === undefined);

/** An answer of this status. */
export const answered = (status: number, ms = 5): Answer => ({
  status,
  headers: [],
  body: new Uint8Array(),
  ms,
});

export const failed = (failure: 'refused' | 'timeout' | 'reset' | 'aborted', ms = 5): Answer => ({
  failure,
  detail: failure,
  ms,
});

/** A trial with an answer that was, or was not, a success. */
export const triedWith = (trial: Partial<Trial>, answer: Answer): Tried => ({
  trial: { label: 'a label', expect: 'accept', make: () => message, ...trial },
  message,
  answer,
  accepted: 'status' in answer && answer.status >= 200 && answer.status <= 299,
});

const message: Message = { provider: 'roastify', headers: [], body: new Uint8Array() };
