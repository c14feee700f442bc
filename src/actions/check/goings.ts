import { answerWords, isRefusal, judgeBroken, judgeGone } from '../../core/check/judge.ts';
import {
  firstAlone,
  isBan,
  isProof,
  lateMs,
  oddOnes,
  type Sent,
  suspectOf,
} from '../../core/check/suspects.ts';
import type { Refusing, Suspect } from '../../core/check/words.ts';
import type { Answer } from '../../core/types.ts';
import type { CheckWatch } from '../check.ts';
import type { Contact } from './contact.ts';
import { findCulprit } from './culprit.ts';
import type { Ledger } from './ledger.ts';
import type { Stop } from './run.ts';

/** What was sent again is given so long to make the receiver go, ms: longer than it would have been a suspect. */
const longerThanLateMs = lateMs + 100;
/** One that went so often for no reason that was found is not tried any more. */
const mostUnexplained = 3;
/** One that refused genuine deliveries so often for no rule that was found, and accepted them again each time, is not tried any more. */
const mostRefusals = 8;

/** What it takes to explain why a receiver goes. */
interface Explaining {
  readonly watch: CheckWatch;
  readonly ledger: Ledger;
  readonly contact: Contact;
  /** Sends what a rule sends, of other deliveries, or the one message of that label. */
  readonly send: (rule: string, label?: string) => Promise<void>;
  /** How long what is sent again is given to make it go, ms. @default 600 */
  readonly repeatedMs?: number | undefined;
  /** Nothing more is sent. */
  readonly isOver: () => boolean;
}

/** Why a receiver went, each time. */
export class Goings {
  readonly #with: Explaining;
  readonly #culprits = new Set<string>();
  readonly #unexplained: (readonly Suspect[])[] = [];
  /** The rules of what is sent again. */
  #accused: readonly string[] = [];
  #refusals = 0;

  constructor(explaining: Explaining) {
    this.#with = explaining;
  }

  /** Whether the receiver goes at a rule. */
  isCulprit(rule: string): boolean {
    return this.#culprits.has(rule);
  }

  /** Whether it may yet be found that the receiver goes at a rule. */
  isOpen(rule: string): boolean {
    return this.#accused.includes(rule) || this.#with.contact.suspectsRule(rule);
  }

  /** What may have made it go, the first time that it was not found. */
  get unexplained(): readonly Suspect[] | undefined {
    return this.#unexplained[0];
  }

  /** Waits for a receiver that went, and finds out why; gives why nothing more can be sent, if so. */
  explain(): Promise<Stop | undefined> {
    const { refusal } = this.#with.contact;
    return refusal ? this.#explainRefusal(refusal) : this.#explainGoing();
  }

  /** Nothing is sent again: of what adds up, the last would be blamed. */
  async #explainRefusal(answer: Answer): Promise<Stop | undefined> {
    const { contact, watch, isOver } = this.#with;
    const { suspects } = contact;
    const refusing = refusingOf(suspects, answer);
    this.#accused = suspects.map(({ rule }) => rule);
    const found = this.#blameFirst(suspects, answer);
    const back = await contact.back();
    this.#accused = [];
    if (isOver()) return undefined;
    if (!back && !contact.refusal) return { kind: 'gone', suspects: refusing.suspects };
    if (!back) return { kind: 'broken', ...refusing };
    if (!found) this.#refusals += 1;
    if (this.#refusals >= mostRefusals) return { kind: 'broken', ...refusing, times: this.#refusals };
    watch.refusedAndCame(refusing);
    return undefined;
  }

  /** Fails the rule that sent it all, where the genuine delivery that it sends afterwards was refused. */
  #blameFirst(suspects: readonly Sent[], answer: Answer): boolean {
    const rule = firstAlone(suspects, answer);
    const { ledger } = this.#with;
    const refused = suspects.find(({ tried }) => tried.trial.role === 'after' && isRefusal(tried));
    if (!rule || refused?.rule !== rule || !ledger.isOpen(rule)) return false;
    this.#culprits.add(rule);
    // That it accepted a forged one is worse, and told already.
    const isTold = suspects.some((each) => each.rule === rule && isProof(each));
    if (!isTold) ledger.judge(rule, judgeBroken(refused.tried), refused.tried.answer.ms);
    return true;
  }

  async #explainGoing(): Promise<Stop | undefined> {
    const { contact, watch, isOver } = this.#with;
    const suspects = contact.suspects;
    const lost = (): Stop => ({
      kind: 'gone',
      suspects: contact.suspects.map(suspectOf),
      ...(contact.hasGateway ? { gateway: true } : {}),
    });
    this.#accused = suspects.map(({ rule }) => rule);
    const culprit = await this.#find(suspects);
    const named = (culprit ? [culprit] : suspects).map(suspectOf);
    const found = culprit !== undefined && this.#blame(culprit);
    this.#accused = [];
    const back = await contact.back();
    if (isOver()) return undefined;
    if (!back) return lost();
    if (!found) this.#unexplained.push(named);
    const times = this.#unexplained.length;
    if (times >= mostUnexplained) return { kind: 'gone', suspects: named, times };
    watch.wentAndCame(named, found);
    return undefined;
  }

  async #find(suspects: readonly Sent[]): Promise<Sent | undefined> {
    const { contact, send, repeatedMs = longerThanLateMs } = this.#with;
    const gone = async () => ((await contact.goes(repeatedMs)) ? contact.suspects : []);
    return findCulprit(suspects, { send, gone, back: () => contact.back() });
  }

  /** Fails the rule of what was sent alone before it was gone; false where that is told already, or was not asked for. */
  #blame({ rule, tried }: Sent): boolean {
    const { ledger } = this.#with;
    if (!ledger.isOpen(rule)) return false;
    this.#culprits.add(rule);
    ledger.judge(rule, judgeGone(tried), tried.answer.ms);
    return true;
  }
}

/** How it refuses, with what may be the reason. */
const refusingOf = (suspects: readonly Sent[], answer: Answer): Refusing => ({
  suspects: oddOnes(suspects).map(suspectOf),
  answer: answerWords(answer),
  ...(isBan(answer) ? { banned: true } : {}),
});
