import { headerOf } from '../identity.ts';
import type { Draft } from '../provider.ts';
import { layouts, padded, withField } from './bodies.ts';
import { failedAt, judgeAll } from './judge.ts';
import { altered, forged, genuine, type Kit, renamed, signatureIn } from './kit.ts';
import { links } from './links.ts';
import type { Judgement, Message, Rule, Trial, Tried } from './rule.ts';
import {
  needsDigest,
  needsHeaderId,
  needsList,
  needsProbe,
  needsSignature,
  needsTolerance,
  needsVersion,
  oneOf,
} from './skip.ts';

/** A trial that must be accepted. */
const accepted = (label: string, make: (now: number) => Message, more: { together?: boolean } = {}) => ({
  label,
  expect: 'accept' as const,
  make,
  ...more,
});

/** A genuine delivery whose body was edited before it was signed. */
const edited = (kit: Kit, label: string, edit: (text: string) => string, as?: string) => {
  const made = kit.fresh({ edit, ...(as === undefined ? {} : { as }) });
  return accepted(label, (now) => genuine(kit, made, now));
};

/** The same with a further field that nobody knows; it is held against one whose field is an ordinary one. */
const furnished = (kit: Kit, label: string, edit: (text: string) => string, ordinary = '"a"'): Trial[] => [
  {
    ...edited(kit, 'an ordinary further field', (text) => withField(text, 'hooks_check', ordinary)),
    role: 'twin',
  },
  edited(kit, label, edit),
];

const unknownEvent = 'hooks.unknown_event';

const eventNames = ({ provider }: Kit): string[] => Object.keys(provider.events);

/** A delivery of a story, of which a receiver may keep the state. */
const told = (kit: Kit, event: string) => {
  const made = kit.fresh({ event, story: 0 });
  return accepted(event, (now) => genuine(kit, made, now));
};

/** The values of a scheme's signature header with others before or behind the right one. */
const among = (
  kit: Kit,
  label: string,
  others: (made: Draft, now: number) => readonly string[],
  ours: 'first' | 'last',
) => {
  const made = kit.fresh();
  const separator = kit.form?.separator ?? ' ';
  const place = (kit.form?.value ?? '').split(separator).findIndex((item) => item.includes('{signature}'));
  return accepted(label, (now) =>
    forged(kit, made, now, {
      // A time in the header keeps its place.
      value: (value) =>
        value
          .split(separator)
          .toSpliced(ours === 'first' ? place + 1 : place, 0, ...others(made, now))
          .join(separator),
    }),
  );
};

/** The item of the signature's value that another secret makes. */
function otherValue(kit: Kit, made: Draft, now: number): string {
  const separator = kit.form?.separator ?? ' ';
  const value = signatureIn(kit, forged(kit, made, now, { secret: kit.otherSecret }));
  // The time stands in the value once.
  const template = (kit.form?.value ?? '').split(separator);
  return value
    .split(separator)
    .filter((_, index) => template[index]?.includes('{signature}'))
    .join(separator);
}

export const acceptRules: readonly Rule[] = [
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
  {
    id: 'reformatted-body',
    group: 'accept',
    level: 'MUST',
    title: 'checks the signature over the raw bytes',
    why: 'A signature covers bytes, not values. A receiver that parses the JSON and writes it again before it checks works until the provider writes JSON in another way than its own library does.',
    link: links.rawBody,
    sends:
      'the same JSON in other bytes, each signed as it is sent: indented, spaced, reordered, escaped, with a line break at its end, with lines that end in CRLF',
    expects: 'success for each',
    remedy:
      'verify the raw body before anything parses it: express.raw({ type: "*/*" }) instead of express.json(), request.body() or get_data() before JSON',
    trials: (kit) => layouts.map(([label, write]) => edited(kit, label, write)),
    conclude: concludeLayouts,
  },
  {
    id: 'big-numbers',
    group: 'accept',
    level: 'MUST',
    title: 'does not lose digits on the way to the check',
    why: 'JavaScript turns 12345678901234567890 into 12345678901234567000 and 1.0 into 1 when it parses. Written again, the body is no longer the one that was signed.',
    link: links.rawBody,
    sends: 'a body with a further field that holds 12345678901234567890, 1.0 and 1e3',
    expects: 'success',
    remedy: 'verify the raw body before anything parses it',
    trials: (kit) =>
      furnished(kit, '12345678901234567890, 1.0, 1e3', (text) =>
        withField(text, 'hooks_check', '{"big":12345678901234567890,"decimal":1.0,"exponent":1e3}'),
      ),
  },
  {
    id: 'unicode',
    group: 'accept',
    level: 'MUST',
    title: 'takes any text',
    why: 'Names and notes hold what people write. A receiver that decodes bytes in pieces or in another encoding before it checks refuses them, or breaks them.',
    link: links.json,
    sends: 'a body with emoji, combining marks, U+2028 and right-to-left text, unescaped',
    expects: 'success',
    remedy: 'collect the body as bytes, verify them, and decode the whole of it as UTF-8',
    trials: (kit) =>
      furnished(kit, 'emoji, combining marks, U+2028', (text) =>
        withField(text, 'hooks_check', JSON.stringify('👩‍🚀 Zoë Zoe\u0308 日本 \u2028\u2029 \u05d0\u05d1')),
      ),
  },
  {
    id: 'unknown-field',
    group: 'accept',
    level: 'MUST',
    title: 'takes fields that it does not know',
    why: 'Providers add fields without a new version. A schema that forbids them turns every delivery away on that day.',
    link: links.stripeVersioning,
    sends: 'a body with a further field',
    expects: 'success',
    remedy: 'ignore unknown fields; no additionalProperties: false, no strict() for what others send',
    trials: (kit) => [
      edited(kit, 'hooks_check: {"a":[1]}', (text) => withField(text, 'hooks_check', '{"a":[1]}')),
    ],
  },
  {
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
  },
  ...(
    [
      ['large-body', 'MUST', 64],
      ['very-large-body', 'SHOULD', 350],
    ] as const
  ).map(
    ([id, level, size]): Rule => ({
      id,
      group: 'accept',
      level,
      title: `takes a body of ${size} kB`,
      why: 'An order of many lines is large, and some frameworks limit bodies to 100 kB by default. Such a delivery fails each time it is tried again.',
      link: links.limits,
      sends: `a genuine delivery of ${size} kB`,
      expects: 'success',
      remedy: 'raise the limit of the body parser (express.raw({ limit: "1mb" })) and of the proxy before it',
      trials: (kit) => furnished(kit, `${size} kB`, (text) => padded(text, size * 1024), '"日本"'),
    }),
  ),
  {
    id: 'chunked',
    group: 'accept',
    level: 'SHOULD',
    title: 'takes a chunked body',
    why: 'HTTP lets a sender leave the length out, and proxies do. A receiver that reads Content-Length only sees an empty body.',
    link: links.http,
    sends: 'a genuine delivery with Transfer-Encoding: chunked, of which a chunk ends inside of a character',
    expects: 'success',
    remedy: 'collect the body as bytes to its end, whatever its framing, and decode the whole of it',
    trials: (kit) => {
      const edit = (text: string) => withField(text, 'hooks_check', '"日本"');
      const [twin, made] = [kit.fresh({ edit }), kit.fresh({ edit })];
      return [
        { ...accepted('with its length', (now) => genuine(kit, twin, now)), role: 'twin' },
        accepted('chunked', (now) => ({ ...genuine(kit, made, now), pace: 'chunked' })),
      ];
    },
  },
  {
    id: 'header-case',
    group: 'accept',
    level: 'SHOULD',
    title: 'finds headers in any letter case',
    why: 'Header names have no case, and HTTP/2 and proxies write them in lower case. A receiver that looks one up as it is printed in the docs finds nothing.',
    link: links.http,
    sends: 'a genuine delivery, its header names in upper case, and in lower case',
    expects: 'success for each',
    remedy: 'look headers up by a function that ignores case',
    trials: (kit) =>
      (['upper', 'lower'] as const).map((letters) => {
        const made = kit.fresh();
        return accepted(`${letters} case`, (now) => cased(genuine(kit, made, now), letters));
      }),
  },
  {
    id: 'content-type-charset',
    group: 'accept',
    level: 'MUST',
    title: 'takes a content type with a charset',
    why: 'application/json; charset=utf-8 is the same type, and senders switch between the two. A comparison with === refuses it.',
    link: links.http,
    sends: 'a genuine delivery with Content-Type: application/json; charset=utf-8',
    expects: 'success',
    remedy: 'compare the type before the semicolon',
    trials: (kit) => {
      const made = kit.fresh();
      const extra = [['content-type', 'application/json; charset=utf-8']] as const;
      return [accepted('application/json; charset=utf-8', (now) => genuine(kit, made, now, extra))];
    },
  },
  ...(['first', 'last'] as const).map(
    (place): Rule => ({
      id: `rotated-secret-${place}`,
      group: 'accept',
      level: 'MUST',
      title: `takes two signatures, the right one ${place}`,
      why: 'While a secret is rotated, deliveries are signed with the old and the new one. A receiver that looks at one signature only refuses everything on that day.',
      link: links.rotation,
      sends: `a genuine delivery with two signatures; ours is the ${place}`,
      expects: 'success',
      remedy: 'split the header, and accept when any signature fits',
      skip: oneOf(needsSignature, needsList),
      trials: (kit) => [among(kit, `ours ${place}`, (made, now) => [otherValue(kit, made, now)], place)],
    }),
  ),
  {
    id: 'unknown-version-first',
    group: 'accept',
    level: 'MUST',
    title: 'passes over signatures of versions that it does not know',
    why: 'A provider that moves to a new scheme sends both for a while. A receiver that judges by the first one, or gives up at an unknown one, refuses everything on that day.',
    link: links.standard,
    sends: 'a genuine delivery with signatures of other versions before the right one',
    expects: 'success',
    remedy: 'ignore items of other versions, and judge by those of yours',
    skip: oneOf(needsSignature, needsList, needsVersion),
    trials: (kit) =>
      ['v9', 'v1a'].map((version) =>
        among(
          kit,
          `${version} first`,
          (made, now) => [otherValue(kit, made, now).replace(/v1(?=[,=])/, version)],
          'last',
        ),
      ),
  },
  {
    id: 'clock-skew',
    group: 'accept',
    level: 'MUST',
    title: 'takes clocks that differ within the tolerance',
    why: 'Clocks differ, and deliveries wait in queues. A tolerance that is too small refuses genuine ones now and then, which nobody can explain.',
    link: links.standard,
    sends:
      'genuine deliveries, stamped a minute within the tolerance in the past and in the future (half of it, where it is shorter)',
    expects: 'success for each',
    remedy: 'allow the tolerance that the provider documents, both ways',
    skip: oneOf(needsSignature, needsTolerance),
    trials: (kit) => {
      const seconds = kit.form?.tolerance?.seconds ?? 0;
      const off = (seconds - Math.min(60, Math.ceil(seconds / 2))) * 1000;
      return (
        [
          ['past', -off],
          ['future', off],
        ] as const
      ).map(([way, ms]) => {
        const made = kit.fresh();
        return accepted(`${Math.abs(ms) / 1000} s in the ${way}`, (now) => genuine(kit, made, now + ms));
      });
    },
  },
  {
    id: 'duplicate',
    group: 'accept',
    level: 'MUST',
    title: 'takes the same delivery again, and does nothing',
    why: 'Deliveries come at least once: an answer that is lost brings the same one again. An error makes the provider try on, a second effect charges or ships twice.',
    link: links.idempotency,
    sends: 'a genuine delivery, and the same one again, signed anew',
    expects: 'success for both; where effects can be seen, no second one',
    remedy: 'keep the ids of what was handled, and answer 2xx to one that is known',
    effect: 'none',
    trials: (kit) => {
      const made = kit.fresh();
      return ['the first time', 'again'].map((label) => accepted(label, (now) => genuine(kit, made, now)));
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
  {
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
  },
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
  {
    id: 'refused-id-not-burnt',
    group: 'accept',
    level: 'MUST',
    title: 'remembers no id of a delivery that it refused',
    why: 'Who notes the id before the signature is checked can be made to drop genuine deliveries: anybody sends forged ones ahead. Ids are often easy to guess, or seen in a log.',
    link: links.cweSignature,
    sends: 'a forged delivery, and then the genuine one under the same id',
    expects: 'success for the genuine one',
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
      ];
    },
  },
  {
    id: 'white-label-headers',
    group: 'accept',
    level: 'SHOULD',
    title: 'knows the scheme’s other header names',
    why: 'The same scheme is sent under other names too: webhook-* by Standard Webhooks, svix-* by Svix. A provider that switches does so without telling.',
    link: links.standard,
    sends: 'a genuine delivery with the other names of its headers',
    expects: 'success',
    remedy: 'use a library that reads both, or look for both',
    skip: oneOf(needsSignature, needsDigest, ({ record }) =>
      record?.twins?.length ? undefined : 'the scheme has one set of header names only',
    ),
    trials: (kit) =>
      (kit.record?.twins ?? []).map((names) => {
        const made = kit.fresh();
        const twin = { ...kit, record: kit.record && { ...kit.record, names } };
        return accepted(names.signature, (now) => forged(twin, made, now, {}));
      }),
  },
];

const cased = (message: Message, letters: 'upper' | 'lower'): Message => ({
  ...message,
  headers: message.headers.map(([name, value]) => [
    letters === 'upper' ? name.toUpperCase() : name.toLowerCase(),
    value,
  ]),
});

/** Which of the layouts are refused tells what is done to the body. */
function concludeLayouts(tried: readonly Tried[]): Judgement {
  const failed = tried.filter(({ accepted }) => !accepted);
  const [first] = failed;
  const refused = failed.filter(
    ({ answer }) => 'status' in answer && answer.status >= 400 && answer.status < 500,
  );
  if (!first || refused.length < failed.length) return judgeAll(tried);
  const has = (part: string) => failed.some(({ trial }) => trial.label.includes(part));
  const words =
    has('indented') && has('space')
      ? 'the signature is checked over JSON that was parsed and written again (JSON.stringify(req.body) behind express.json(), or the like), not over the raw body'
      : has('line break') && failed.length === 1
        ? 'the body is trimmed before its signature is checked'
        : has('CRLF') && failed.length === 1
          ? 'line breaks are made LF before the signature is checked, as reading in text mode does'
          : 'the signature is not checked over the raw body';
  return failedAt(first, `${words}; refused: ${failed.map(({ trial }) => trial.label).join('; ')}`);
}
