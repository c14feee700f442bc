import { layouts, padded, withField } from '../bodies.ts';
import { failedAt, judgeAll } from '../judge.ts';
import { links } from '../links.ts';
import type { Judgement, Rule, Trial, Tried } from '../rule.ts';
import type { Pace } from '../words.ts';
import { edited, furnished } from './genuine.ts';
import { concludeCut } from './pieces.ts';

/** What people write, in a further field. */
const withPeople = (text: string): string =>
  withField(text, 'hooks_check', JSON.stringify('👩‍🚀 Zoë Zoe\u0308 日本 \u2028\u2029 \u05d0\u05d1'));
const people = 'emoji, combining marks, U+2028';
const splitPeople = 'in pieces that end inside of characters';
const splitAscii = 'ASCII in pieces';

const withOrdinary = (text: string): string => withField(text, 'hooks_check', '"a"');
/** Characters of three bytes. */
const wide = (text: string): string => withField(text, 'hooks_check', '"日本"');

const paced = (trial: Trial, pace: Pace): Trial => ({
  ...trial,
  make: (now) => ({ ...trial.make(now), pace }),
});

/** Bodies as they may be written, and what may stand in them. */
export const bodyRules: readonly Rule[] = [
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
    sends:
      'a body with emoji, combining marks, U+2028 and right-to-left text, unescaped: whole, and in pieces that end inside of characters',
    expects: 'success for each',
    remedy: 'collect the body as bytes, verify them, and decode the whole of it as UTF-8',
    trials: (kit) => {
      const [twin, whole] = furnished(kit, people, withPeople);
      return [
        twin as Trial,
        whole as Trial,
        paced(edited(kit, splitPeople, withPeople), 'split'),
        paced(edited(kit, splitAscii, withOrdinary), 'split'),
      ];
    },
    conclude: concludeCut(splitPeople, [people, splitAscii]),
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
];

/** Bodies that are large, or come in pieces. */
export const sizeRules: readonly Rule[] = [
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
      sends: `genuine deliveries of ${size} kB, of characters of three bytes and of ASCII`,
      expects: 'success for each',
      remedy: 'raise the limit of the body parser (express.raw({ limit: "1mb" })) and of the proxy before it',
      trials: (kit) => [
        ...furnished(kit, `${size} kB`, (text) => padded(text, size * 1024, '日'), '"日本"'),
        edited(kit, `${size} kB of ASCII`, (text) => padded(text, size * 1024, 'x')),
      ],
      conclude: concludeCut(`${size} kB`, [`${size} kB of ASCII`]),
    }),
  ),
  {
    id: 'chunked',
    group: 'accept',
    level: 'SHOULD',
    title: 'takes a chunked body',
    why: 'HTTP lets a sender leave the length out, and proxies do. A receiver that reads Content-Length only sees an empty body.',
    link: links.http,
    sends:
      'genuine deliveries with Transfer-Encoding: chunked: one of which a chunk ends inside of a character, and one of ASCII',
    expects: 'success for each',
    remedy: 'collect the body as bytes to its end, whatever its framing, and decode the whole of it',
    trials: (kit) => [
      { ...edited(kit, 'with its length', wide), role: 'twin' },
      paced(edited(kit, 'chunked', wide), 'chunked'),
      paced(edited(kit, 'chunked ASCII', withOrdinary), 'chunked'),
    ],
    conclude: concludeCut('chunked', ['chunked ASCII']),
  },
];

/** The commonest mistake of all. */
export const rewrittenWords =
  'the signature is checked over JSON that was parsed and written again (JSON.stringify(req.body) behind express.json(), or the like), not over the raw body';

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
      ? rewrittenWords
      : has('line break') && failed.length === 1
        ? 'the body is trimmed before its signature is checked'
        : has('CRLF') && failed.length === 1
          ? 'line breaks are made LF before the signature is checked, as reading in text mode does'
          : 'the signature is not checked over the raw body';
  return failedAt(first, `${words}; refused: ${failed.map(({ trial }) => trial.label).join('; ')}`);
}
