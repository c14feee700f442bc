import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { provider } from '../../helpers/deliveries.ts';
import { wholeFamily } from '../correct/by-family.ts';
import { careful } from '../correct/by-hand.ts';
import { mistakes } from './mistakes.ts';

const slowMs = 400;

const stages = Object.keys(provider('roastify').events);

/** The ids of the requests at hand: the mistake of `slots-shared`. */
const slots = Array.from({ length: 16 }, () => '');
const slotOf = new WeakMap<IncomingMessage, number>();
let turn = 0;

/** So many turns of the event loop without anything new: all that was sent at once has come, however busy the machine is. */
const stillTurns = 60;

/** Waits until a count has stood still. */
async function untilStill(count: () => number): Promise<void> {
  for (let turns = 0, last = count(); turns < stillTurns; turns++) {
    await nextTurn();
    if (count() !== last) [turns, last] = [0, count()];
  }
}

/** Whose turn it is, by the receiver's memory. */
const workerOf = new WeakMap<Set<string>, number>();

/** Mistakes with what came before, and with what comes at once. */
export const identity = mistakes({
  'duplicate-handled-twice': {
    mistake: 'acts again on an id that it has acted upon',
    steps: { handle: (_event, _delivery, { act }) => act() },
    fails: ['duplicate', 'duplicate-at-once'],
    probed: true,
  },
  'remembers-last-id': {
    mistake: 'remembers the last id alone: a delivery that comes again behind another one is handled twice',
    steps: {
      handle: (_event, { id }, { seen, act }) => {
        if (seen.has(id)) return;
        seen.clear();
        seen.add(id);
        act();
      },
    },
    fails: ['duplicate-behind-another'],
    probed: true,
  },
  'remembers-ids-per-worker': {
    mistake: 'runs three workers that take turns, each of which remembers the ids that it has seen itself',
    steps: {
      handle: (_event, { id }, { seen, act }) => {
        const worker = (workerOf.get(seen) ?? 0) % 3;
        workerOf.set(seen, worker + 1);
        if (seen.has(`${worker} ${id}`)) return;
        seen.add(`${worker} ${id}`);
        act();
      },
    },
    fails: ['duplicate', 'duplicate-at-once'],
    probed: true,
  },
  'remembers-unsigned-id': {
    mistake: 'checks the signature over svix-id, and remembers webhook-id where there is one',
    steps: {
      handle: (_event, { request, id }, { act }) => act(String(request.headers['webhook-id'] ?? id)),
    },
    fails: ['duplicate-unsigned-id'],
    probed: true,
  },
  'remembers-unsigned-svix-id': {
    mistake: 'checks the signature over webhook-id where there is one, and remembers svix-id',
    steps: {
      readHeaders: wholeFamily('webhook', 'svix'),
      handle: (_event, { request, id }, { act }) => act(String(request.headers['svix-id'] ?? id)),
    },
    fails: ['duplicate-unsigned-id'],
    probed: true,
  },
  'duplicate-is-a-conflict': {
    mistake: 'answers 409 to an id that it knows, so that the sender tries again for days',
    steps: {
      handle: (_event, { id }, { seen, act }) => {
        if (seen.has(id)) return 409;
        seen.add(id);
        act();
      },
    },
    fails: ['duplicate'],
  },
  'equal-body-is-a-conflict': {
    mistake: 'takes an equal body for a duplicate, and answers 409',
    steps: {
      handle: (_event, { body, id }, { seen, act }) => {
        const hash = createHash('sha256').update(body).digest('hex');
        const before = [...seen].find((each) => each.startsWith(hash));
        if (before !== undefined && before !== hash + id) return 409;
        seen.add(hash + id);
        act(id);
      },
    },
    fails: ['same-body-new-id'],
  },
  'id-burnt-before-check': {
    mistake: 'remembers an id before the signature is checked, so that a forger can burn it',
    steps: {
      first: ({ request, id }, { seen }) => {
        if (request.method !== 'POST') return undefined;
        if (seen.has(id)) return 409;
        seen.add(id);
        return undefined;
      },
    },
    fails: ['duplicate', 'refused-id-not-burnt'],
  },
  'known-id-before-check': {
    mistake: 'answers 200 to an id that it knows before the signature is checked',
    steps: {
      first: ({ id }, { seen }) => (seen.has(id) ? 200 : undefined),
      handle: (_event, { id }, { seen, act }) => {
        seen.add(id);
        act();
      },
    },
    fails: ['known-id-forged'],
  },
  'acts-before-check': {
    mistake: 'acts first and checks the signature afterwards',
    steps: {
      first: ({ request }, { act }) => (request.method === 'POST' ? act() : undefined),
      handle: () => undefined,
    },
    fails: ['duplicate', 'duplicate-at-once', 'known-id-forged', 'refused-no-effect'],
    probed: true,
  },
  'acts-once-before-check': {
    mistake: 'stores a delivery by its id first, and checks the signature afterwards',
    steps: {
      first: ({ request, id }, { act }) => (request.method === 'POST' ? act(id) : undefined),
      handle: () => undefined,
    },
    fails: ['refused-id-not-burnt', 'refused-no-effect', 'duplicate-unsigned-id'],
    probed: true,
  },
  'check-then-act': {
    mistake: 'looks the id up, works, and notes it afterwards: what comes at once is handled twice',
    steps: {
      handle: async (_event, { id }, { seen, act }) => {
        if (seen.has(id)) return;
        await pause(100);
        seen.add(id);
        act();
      },
    },
    fails: ['duplicate-at-once'],
    probed: true,
  },
  'backwards-refused': {
    mistake: 'refuses an event that an order should have had before one that has already come',
    steps: {
      handle: (event, { id }, { seen, act }) => {
        const stage = stages.indexOf(event?.eventType);
        if (stage >= 0 && stages.some((_name, i) => i > stage && seen.has(`${i} ${event.orderId}`)))
          return 409;
        if (stage >= 0) seen.add(`${stage} ${event.orderId}`);
        act(id);
      },
    },
    fails: ['out-of-order'],
  },
  'busy-with-others': {
    mistake: 'has workers for sixteen deliveries at once, and answers 503 to the next',
    steps: {
      handle: async (_event, { id }, { seen, act }) => {
        if (seen.size >= 16) return 503;
        seen.add(id);
        await untilStill(() => seen.size);
        seen.delete(id);
        act(id);
      },
    },
    fails: ['concurrent'],
  },
  'slots-shared': {
    mistake: 'keeps the ids of the requests at hand in sixteen slots that it uses in turn, taken or not',
    steps: {
      readBody: async (request, kit) => {
        const slot = turn++ % slots.length;
        slots[slot] = careful.readHeaders(request).id;
        slotOf.set(request, slot);
        await untilStill(() => turn);
        return careful.readBody(request, kit);
      },
      authentic: (delivery, secret, kit) => {
        const id = slots[slotOf.get(delivery.request) ?? 0] ?? '';
        return careful.authentic({ ...delivery, id }, secret, kit);
      },
    },
    fails: ['concurrent'],
  },
  'slow-handler': {
    mistake: 'does all of the work before it answers',
    steps: {
      handle: async (_event, { id }, { act }) => {
        await pause(slowMs);
        act(id);
      },
    },
    fails: ['prompt'],
    policyMs: 1100,
  },
});
