import type { Group, Part, Parts } from './parts.ts';

/** What may be signed: parts in their order, parted by a separator. */
export interface Content {
  readonly parts: readonly Part[];
  readonly separator: string;
}

/** The separators between parts. */
export const partSeparators = ['.', ':', '', '\n', '|', '&', '-', ','];

/** No content has more parts. */
export const mostParts = 4;

const groups: readonly Group[] = ['body', 'timestamp', 'id', 'url', 'path', 'query', 'method', 'host'];

/** An address holds these. */
const withinUrl: readonly Group[] = ['path', 'query', 'host'];

/** Contents of three and four parts that are in use somewhere, each with the separators in use. */
const known: readonly (readonly [groups: string, separators: readonly string[]])[] = [
  ['id timestamp body', ['.', ':', '', '|']],
  ['timestamp id body', ['.', ':', '', '|']],
  ['literal timestamp body', [':', '.']],
  ['literal id timestamp body', [':', '.']],
  ['method url body', ['', '\n', '&', '|']],
  ['method path body', ['', '\n', '.', '|', ':']],
  ['timestamp method path body', ['', '\n', '.', ':', '|']],
  ['method path timestamp body', ['', '\n', '.', ':', '|']],
  ['timestamp method url body', ['', '\n', '.']],
  ['timestamp url body', ['', '\n', '.']],
  ['url timestamp body', ['', '\n', '.']],
  ['id timestamp url', ['', '\n', '.']],
  ['method host path body', ['', '\n']],
  ['method host path query', ['\n']],
];

/** Which contents are gone through: the commonest, the likely ones, or all others. */
export type Stage = 'usual' | 'likely' | 'whole';

/** A sequence of groups with the separators to try. */
interface Sequence {
  readonly groups: readonly Group[];
  readonly separators: readonly string[];
}

/** Which of several captures that are searched side by side one is. */
export interface Turn {
  readonly index: number;
  readonly of: number;
}

/**
 * The sequences of a stage in an order for each capture: all of them begin with others, so that captures of one scheme
 * are through it together in the time of one, and each by itself goes through all.
 */
function inTurn(all: readonly Sequence[], { index, of }: Turn): Sequence[] {
  const shifts = Array.from({ length: of }, (_, shift) => (index + shift) % of);
  return shifts.flatMap((shift) => all.filter((_, at) => at % of === shift));
}

/** All sequences of a stage, the likely ones first. */
function sequencesOf(stage: Stage): Sequence[] {
  const all = (size: number): Sequence[] =>
    arrangements(size).map((each) => ({ groups: each, separators: size === 1 ? [''] : partSeparators }));
  if (stage === 'whole') return [...all(3), ...all(4)];
  const named = known.map(([words, separators]) => ({ groups: words.split(' ') as Group[], separators }));
  if (stage === 'usual')
    return [...all(1), ...named, ...all(2)].filter((each) => each.groups.includes('body')).map(commonest);
  return [...all(1), ...named, ...all(2)];
}

const commonest = ({ groups: each, separators }: Sequence): Sequence => ({
  groups: each,
  separators: separators.filter((separator) => ['', '.', ':'].includes(separator)),
});

/** Every order of so many groups that can stand together; a literal stands at the start. */
function arrangements(size: number): Group[][] {
  const longer = (start: readonly Group[]): Group[][] => {
    if (start.length === size) return [[...start]];
    const next = groups.filter((group) => !start.includes(group) && !clash(group, start));
    return next.flatMap((group) => longer([...start, group]));
  };
  return [...longer([]), ...(size > 1 ? longer(['literal']) : [])];
}

const clash = (group: Group, others: readonly Group[]): boolean =>
  group === 'url'
    ? others.some((each) => withinUrl.includes(each))
    : withinUrl.includes(group) && others.includes('url');

/** How many contents there are in a stage. */
export function countOf(parts: Parts, stage: Stage): number {
  return sequencesOf(stage)
    .map(
      (each) => each.separators.length * each.groups.reduce((count, group) => count * parts[group].length, 1),
    )
    .reduce((sum, count) => sum + count, 0);
}

/** The contents of a stage, one after the other. */
export function* contentsOf(
  parts: Parts,
  stage: Stage,
  turn: Turn = { index: 0, of: 1 },
): Generator<Content> {
  for (const sequence of inTurn(sequencesOf(stage), turn)) {
    for (const chosen of choices(parts, sequence.groups)) {
      for (const separator of sequence.separators) yield { parts: chosen, separator };
    }
  }
}

/** One part of each group, in every way. */
function* choices(parts: Parts, wanted: readonly Group[], start: readonly Part[] = []): Generator<Part[]> {
  const group = wanted[start.length];
  if (group === undefined) {
    yield [...start];
    return;
  }
  for (const part of parts[group]) yield* choices(parts, wanted, [...start, part]);
}

/** What stands before the body and behind it; where the body is no part, all is before it. */
export function textsOf({ parts, separator }: Content): { before: string; body: boolean; after: string } {
  const at = parts.findIndex(({ text }) => text === undefined);
  const texts = (some: readonly Part[]) => some.map(({ text }) => text).join(separator);
  if (at < 0) return { before: texts(parts), body: false, after: '' };
  const before = at === 0 ? '' : texts(parts.slice(0, at)) + separator;
  const after = at === parts.length - 1 ? '' : separator + texts(parts.slice(at + 1));
  return { before, body: true, after };
}
