import type { Context } from '../context.ts';
import type { Judgement, Rule, Tried } from '../core/check/rule.ts';
import type { Shortfall } from '../core/check/shortfall.ts';
import { type Diagnosis, diagnosesOf } from '../core/check/syndromes.ts';
import { echoesOf, maskEchoes } from '../core/echo.ts';
import type { CheckFact } from '../core/facts.ts';
import { withHeaders } from '../core/headers.ts';
import { maskCheck, maskUrl, secretPlaces } from '../core/mask.ts';
import { answerFact, bodyFact, isoTime } from '../core/wire.ts';
import type { CheckResult } from '../report/check-result.ts';
import { pathOf } from './check-sender.ts';
import type { Plan } from './checking.ts';

/** What came of the rules so far. */
export class Result {
  readonly facts: CheckFact[] = [];
  /** The MUSTs of which nothing could be told. */
  readonly open: CheckFact[] = [];
  readonly #plan: Plan;
  readonly #context: Context;
  readonly #began: number;
  /** What no answer may show. */
  readonly #echoes: readonly string[];

  constructor(plan: Plan, context: Context) {
    this.#plan = plan;
    this.#context = context;
    this.#began = context.now();
    const { showSecrets, secrets, bench, headers, target } = plan;
    const { record } = bench.provider.scheme;
    this.#echoes = showSecrets ? [] : echoesOf(secrets, record, headers, target.url.href);
  }

  /** Adds a judgement, and gives it as a fact; the rule took so long, ms. */
  add(rule: Rule, judgement: Judgement, ms: number): CheckFact {
    const fact = this.#factOf(rule, judgement, ms);
    if (judgement.open && rule.level === 'MUST') this.open.push(fact);
    this.facts.push(fact);
    return fact;
  }

  /** Whether the answer is no: something failed, or could not be told. */
  get fails(): boolean {
    const failed = ({ outcome, level }: CheckFact) =>
      outcome === 'failed' && (this.#plan.strict || level === 'MUST');
    return this.open.length > 0 || this.facts.some(failed);
  }

  /** What the rules prove together. */
  get diagnoses(): readonly Diagnosis[] {
    return diagnosesOf(this.facts);
  }

  /** Whether anything was found out at all. */
  get judges(): boolean {
    return this.facts.some(({ outcome }) => outcome !== 'skipped');
  }

  /** Everything that a report in another form is made of. */
  whole(shortfall: Shortfall | undefined): CheckResult {
    const { bench, target, strict, showSecrets } = this.#plan;
    return {
      provider: bench.provider.name,
      url: showSecrets ? target.url.href : maskUrl(target.url.href),
      seed: bench.seed,
      at: isoTime(this.#began),
      ms: this.#context.now() - this.#began,
      facts: showSecrets
        ? this.facts
        : this.facts.map((fact) => maskCheck(fact, secretPlaces([bench.provider]))),
      diagnoses: this.diagnoses,
      shortfall,
      strict,
    };
  }

  #factOf(
    rule: Rule,
    { outcome, reason, level = rule.level, remedy = rule.remedy, tried, unfinished }: Judgement,
    ms: number,
  ): CheckFact {
    const { id, group, title, expects, why, link } = rule;
    return {
      kind: 'check',
      at: isoTime(this.#context.now()),
      rule: id,
      group,
      level,
      title,
      outcome,
      ...(outcome === 'passed' || outcome === 'failed' ? { passed: outcome === 'passed' } : {}),
      ...(reason === undefined ? {} : { reason }),
      expected: expects,
      why,
      link,
      remedy,
      ms: Math.round(ms * 10) / 10,
      ...(unfinished ? { unfinished } : {}),
      ...(tried ? this.#decidedBy(tried) : {}),
    };
  }

  #decidedBy({ trial, message, answer }: Tried): Pick<CheckFact, 'trial' | 'delivery' | 'answer'> {
    const { target, headers: added } = this.#plan;
    const { body, query: _query, url: _url, headers, ...rest } = message;
    const url = target.url.origin + pathOf(target, message);
    return {
      trial: trial.label,
      delivery: { ...rest, url, headers: withHeaders(headers, added), ...bodyFact(body) },
      answer: maskEchoes(answerFact(answer), this.#echoes),
    };
  }
}
