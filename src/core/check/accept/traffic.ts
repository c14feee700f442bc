import { altered, forged, genuine } from '../forge.ts';
import { failedAt, judgeAll } from '../judge.ts';
import { links } from '../links.ts';
import type { Rule } from '../rule.ts';
import { needsHeaderId, needsProbe, needsSignature } from '../skip.ts';
import { accepted, afterwards } from './genuine.ts';

/** A delivery comes again so often: workers that take turns, and each know their own, must not all be missed. */
const repetitions = [1, 2, 3].map((time) => `again, time ${time} of 3`);

/** What comes again. */
export const repetitionRules: readonly Rule[] = [
  {
    id: 'duplicate',
    group: 'accept',
    level: 'MUST',
    title: 'takes the same delivery again, and does nothing',
    why: 'Deliveries come at least once: an answer that is lost brings the same one again. An error makes the provider try on, a second effect charges or ships twice.',
    link: links.idempotency,
    sends:
      'a genuine delivery, and the same one three times again, signed anew, on a connection of its own each time',
    expects: 'success for all; where effects can be seen, no second one',
    remedy: 'keep the ids of what was handled, and answer 2xx to one that is known',
    effect: 'none',
    trials: (kit) => {
      const made = kit.fresh();
      return ['the first time', ...repetitions].map((label) =>
        accepted(label, (now) => genuine(kit, made, now)),
      );
    },
  },
  {
    id: 'duplicate-at-once',
    group: 'accept',
    level: 'MUST',
    title: 'handles a delivery once that comes several times at once',
    why: 'A sender that waits in vain tries again while the first is still at work. Who looks the id up, works, and notes it afterwards does everything twice.',
    link: links.idempotency,
    sends: 'a genuine delivery, to see its effect; and another one five times at the same time',
    expects: 'no more effect of the five than of the one; some of them may be refused',
    remedy: 'note the id first, by a unique key or a lock, and work only where that was new',
    effect: 'once',
    effectOnly: true,
    skip: needsProbe,
    trials: (kit) => {
      const made = kit.fresh();
      // As large as the other: what is done may depend on that.
      const alone = kit.fresh({ edit: () => altered(kit, Buffer.from(made.body).toString()) });
      return [
        accepted('alone', (now) => genuine(kit, alone, now)),
        ...Array.from({ length: 5 }, (_, index) => ({
          label: `${index + 1} of 5`,
          expect: 'any' as const,
          together: true,
          make: (now: number) => genuine(kit, made, now),
        })),
      ];
    },
  },
  {
    id: 'duplicate-behind-another',
    group: 'accept',
    level: 'MUST',
    title: 'knows a delivery again behind another one',
    why: 'A retry comes minutes or hours later, and others come in between. Who remembers the last id only, or one for each worker, does everything twice.',
    link: links.idempotency,
    sends: 'a genuine delivery, another one, and the first three times again, signed anew',
    expects: 'no second effect of the first; how it is answered is judged by duplicate',
    remedy: 'keep the ids of what was handled for as long as the provider tries again',
    effect: 'none',
    effectOnly: true,
    beyond: 'duplicate',
    skip: needsProbe,
    trials: (kit) => {
      const [made, other] = [kit.fresh(), kit.fresh()];
      return [
        accepted('the first time', (now) => genuine(kit, made, now)),
        accepted('another one', (now) => genuine(kit, other, now), { role: 'between' }),
        ...repetitions.map((label) => ({
          label,
          expect: 'any' as const,
          make: (now: number) => genuine(kit, made, now),
        })),
      ];
    },
  },
  {
    id: 'same-body-new-id',
    group: 'accept',
    level: 'MUST',
    title: 'takes an equal body under another id',
    why: 'Two events can look the same and still be two. Whether the second has an effect is yours to decide: an update that writes the same values is right too.',
    link: links.idempotency,
    sends: 'a genuine delivery, and a second one with the same body and another id',
    expects: 'success for both; a second effect is reported',
    remedy: 'tell deliveries apart by their id, not by a hash of their body',
    skip: needsHeaderId,
    effect: 'reported',
    trials: (kit) => {
      const first = kit.fresh();
      const second = kit.fresh({ edit: () => first.body });
      return [first, second].map((made, index) =>
        accepted(index === 0 ? 'the first' : 'the same body, another id', (now) => genuine(kit, made, now)),
      );
    },
  },
];

/** What comes at once, and how long it takes. */
export const loadRules: readonly Rule[] = [
  {
    id: 'concurrent',
    group: 'accept',
    level: 'MUST',
    title: 'takes 20 deliveries at once',
    why: 'Deliveries come in bursts: an import, a sale, an outage that is over. A receiver that handles them one by one, or shares state between them, fails just then.',
    link: links.standard,
    sends: '20 genuine deliveries at the same time',
    expects: 'success for each',
    remedy: 'keep nothing of a request in a global; answer first, work later',
    turn: 'alone',
    trials: (kit) =>
      Array.from({ length: 20 }, (_, index) => {
        const made = kit.fresh();
        return accepted(`${index + 1} of 20`, (now) => genuine(kit, made, now), { together: true });
      }),
  },
  {
    id: 'prompt',
    group: 'accept',
    level: 'SHOULD',
    title: 'answers in time',
    why: 'A provider that waits in vain counts a failure, and sends the same again while the first is still being handled. A third of the time leaves room for a bad day.',
    link: links.prompt,
    sends: 'a genuine delivery, with nothing beside it',
    expects: 'success within the provider’s time-out (MUST), and within a third of it (SHOULD)',
    remedy: 'put the delivery into a queue, answer 2xx, and work on it afterwards',
    turn: 'alone',
    trials: (kit) => {
      const made = kit.fresh();
      return [accepted('alone', (now) => genuine(kit, made, now))];
    },
    conclude: (tried, kit) => {
      const [only] = tried;
      const ms = Math.round(only?.answer.ms ?? 0);
      const waits = `the provider waits ${kit.timeoutMs} ms`;
      // A timer may come a little early.
      if (only && 'failure' in only.answer && only.answer.failure === 'timeout' && ms < kit.timeoutMs - 10)
        return { outcome: 'skipped', reason: `no answer within ${ms} ms, and we waited no longer; ${waits}` };
      if (only?.accepted !== true) return { ...judgeAll(tried), level: 'MUST' };
      const reason = `answered after ${ms} ms; ${waits}`;
      if (ms > kit.timeoutMs) return { ...failedAt(only, reason), level: 'MUST' };
      return ms * 3 > kit.timeoutMs ? failedAt(only, reason) : { outcome: 'passed', reason };
    },
  },
];

/** What comes behind a forged one. */
export const refusedIdNotBurnt: Rule = {
  id: 'refused-id-not-burnt',
  group: 'accept',
  level: 'MUST',
  title: 'remembers no id of a delivery that it refused',
  why: 'Who notes the id before the signature is checked can be made to drop genuine deliveries: anybody sends forged ones ahead. Ids are often easy to guess, or seen in a log.',
  link: links.cweSignature,
  sends: 'a forged delivery, then the genuine one under the same id, and another genuine one',
  expects: 'success for the genuine ones',
  remedy: 'check the signature first, and note the id only of what was accepted',
  effect: 'some',
  skip: needsSignature,
  trials: (kit) => {
    const made = kit.fresh();
    return [
      {
        label: 'forged',
        expect: 'any',
        bad: true,
        make: (now) => forged(kit, made, now, { secret: kit.otherSecret }),
      },
      accepted('genuine, the same id', (now) => genuine(kit, made, now)),
      afterwards(kit),
    ];
  },
};
