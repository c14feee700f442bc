import { headerOf } from '../../identity.ts';
import { genuine, renamed } from '../forge.ts';
import type { Kit } from '../kit.ts';
import { links } from '../links.ts';
import type { Rule } from '../rule.ts';
import { accepted, edited } from './genuine.ts';

const unknownEvent = 'hooks.unknown_event';

const eventNames = ({ provider }: Kit): string[] => Object.keys(provider.events);

/** A delivery of a story, of which a receiver may keep the state. */
const told = (kit: Kit, event: string) => {
  const made = kit.fresh({ event, story: 0 });
  return accepted(event, (now) => genuine(kit, made, now));
};

/** What the provider sends. */
export const eventRules: readonly Rule[] = [
  {
    id: 'valid',
    group: 'accept',
    level: 'MUST',
    title: 'takes a genuine delivery',
    why: 'What the provider sends must arrive. Nothing else can be judged of a receiver that refuses everything.',
    link: links.standard,
    sends: 'a delivery as the provider makes it, correctly signed',
    expects: 'the provider’s success (2xx)',
    remedy: 'check the secret, the path, and that the signature is checked over the raw bytes of the body',
    trials: (kit) => {
      const made = kit.fresh();
      return [accepted(kit.event, (now) => genuine(kit, made, now))];
    },
  },
  {
    id: 'every-event',
    group: 'accept',
    level: 'MUST',
    title: 'takes every event of the catalogue',
    why: 'An endpoint often gets more events than its author thought of. One that it refuses is tried again for days, and may get the endpoint switched off.',
    link: links.standard,
    sends: 'each documented event once, in lifecycle order, about one subject',
    expects: 'success for each',
    remedy: 'answer 2xx to events you have no use for',
    trials: (kit) => eventNames(kit).map((event) => told(kit, event)),
  },
];

/** What it may send one day. */
export const unknownEventRule: Rule = {
  id: 'unknown-event',
  group: 'accept',
  level: 'MUST',
  title: 'takes events that it does not know',
  why: 'Providers add events, and send them to endpoints that take all. What is not 2xx is tried again for days, and may get the endpoint switched off.',
  link: links.standard,
  sends: 'a genuine delivery of an event that is in no catalogue',
  expects: 'success',
  remedy: 'answer 2xx to an event you do not know, and leave it at that',
  trials: (kit) => [
    headerOf(kit.provider.eventAt.path) === undefined
      ? edited(kit, unknownEvent, (text) => renamed(kit, text, unknownEvent))
      : edited(kit, unknownEvent, (text) => text, unknownEvent),
  ],
};

/** What it sends in another order. */
export const outOfOrder: Rule = {
  id: 'out-of-order',
  group: 'accept',
  level: 'SHOULD',
  title: 'takes events out of order',
  why: 'No sender promises an order: what failed comes again later. A receiver that refuses an update before the creation gets it again for days.',
  link: links.ordering,
  sends: 'the events of one subject, the last one first',
  expects: 'success for each',
  remedy: 'answer 2xx, and create what is missing, or read the present state from the provider',
  skip: (kit) => (eventNames(kit).length < 2 ? 'there is one event only' : undefined),
  trials: (kit) =>
    eventNames(kit)
      .reverse()
      .map((event) => told(kit, event)),
};
