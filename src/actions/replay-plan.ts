import { type Capture, isReceivedLine } from '../core/capture.ts';
import { DigestMap } from '../core/digests.ts';
import { Places } from '../core/places.ts';
import type { Provider } from '../core/provider.ts';
import { deliveryDigest, type Identity, identify } from '../core/replay.ts';
import type { EventFilter } from '../core/select.ts';
import type { Source } from '../io/source.ts';
import { captureAt, type Found, readCaptures } from './captures.ts';

/** Which deliveries of a recording are sent. */
export interface Selection {
  readonly providers: readonly Provider[];
  /** Fixes whose deliveries these are; else each is recognised. */
  readonly provider?: Provider | undefined;
  readonly filter?: EventFilter | undefined;
  /** Those recorded from this time on, ms since the epoch. */
  readonly since?: number | undefined;
  /** Those recorded up to this time, ms since the epoch. */
  readonly until?: number | undefined;
}

/** What is counted of a recording. */
interface Counts {
  /** How many deliveries the recording holds; what was tried several times is one. */
  found: number;
  /** Left out because nothing says when they were recorded. */
  timeless: number;
  /** Sent, though nothing says when they were recorded. */
  undated: number;
  /** Left out because only POST is sent. */
  unposted: number;
  /** The method of the first of these. */
  method: string | undefined;
  /** Whose deliveries are sent. */
  readonly senders: Set<Provider>;
}

/** What is sent of a recording, in its order: not the deliveries themselves, but where each stands. */
export interface Plan extends Readonly<Counts> {
  readonly total: number;
  /** Reads one again; nothing where the file does not hold it any more. */
  readonly capture: (index: number) => Promise<Capture | undefined>;
}

/** What stands where no delivery is sent from: it was not selected, or a later attempt takes its place. */
const nowhere = -1;

/**
 * Reads a recording and finds what is to be sent: what was received, each time that it was; of what was only attempted,
 * the last attempt. Memory grows by 8 bytes a delivery, and at most 29 more for one that was attempted.
 * @param source a repeatable one: it is read twice, for what came of an attempt may stand before it or after it
 * @param note is told what is found
 */
export async function planReplay(
  source: Source,
  selection: Selection,
  note: (found: Found) => void,
): Promise<Plan> {
  const attempts = await attemptsIn(source, selection);
  const counts = newCounts();
  const places = new Places();
  const held: Capture[] = [];
  for await (const each of readCaptures(source.read())) {
    note(each);
    if (!('capture' in each)) continue;
    const { capture, offset } = each;
    const identity = identify(capture, selection.providers, selection.provider);
    const before = attempts.take(capture, identity, places.length);
    if (before === 'received') continue;
    if (before === undefined) counts.found += 1;
    else places.set(before, nowhere);
    const sent = selects(capture, identity, selection, counts);
    places.push(sent ? (offset ?? held.push(capture) - 1) : nowhere);
  }
  places.remove(nowhere);
  const capture = async (index: number) => {
    const place = places.at(index);
    return held.length > 0 ? held[place] : captureAt(source.read(place));
  };
  return { ...counts, total: places.length, capture };
}

const newCounts = (): Counts => ({
  found: 0,
  timeless: 0,
  undated: 0,
  unposted: 0,
  method: undefined,
  senders: new Set(),
});

/** Whether a delivery is sent; counts what there is to say of that. */
function selects(capture: Capture, identity: Identity, selection: Selection, counts: Counts): boolean {
  const { method } = capture.received;
  if (isTimeless(capture, selection)) {
    counts.timeless += 1;
    return false;
  }
  if (!isSelected(capture, identity, selection)) return false;
  if (method !== 'POST') {
    counts.unposted += 1;
    counts.method ??= method;
    return false;
  }
  if (capture.at === undefined) counts.undated += 1;
  if (identity.provider) counts.senders.add(identity.provider);
  return true;
}

/** Which deliveries were attempted, and what the recording says of them further on. */
interface Attempts {
  /**
   * Takes note of a delivery: `received` where this attempt is not sent since it was received; where an earlier attempt
   * at it stands; nothing where it comes for the first time, or came in once more.
   */
  readonly take: (capture: Capture, identity: Identity, index: number) => number | 'received' | undefined;
}

/** What is kept of an attempted delivery: whether it came in; from `first` on, where its last attempt stands. */
const mark = { attempted: 0, received: 1, first: 2 } as const;

/** The first reading: only the lines of attempts are looked at. */
async function attemptsIn(source: Source, { providers, provider }: Selection): Promise<Attempts> {
  const seen = new DigestMap();
  for await (const found of readCaptures(source.read(), (line) => !isReceivedLine(line))) {
    if (!('capture' in found) || found.capture.came) continue;
    seen.set(deliveryDigest(found.capture, identify(found.capture, providers, provider)), mark.attempted);
  }
  return {
    take(capture, identity, index) {
      if (seen.size === 0) return undefined;
      const digest = deliveryDigest(capture, identity);
      const before = seen.get(digest);
      if (before === undefined) return undefined;
      if (before === mark.received) return capture.came ? undefined : 'received';
      seen.set(digest, capture.came ? mark.received : mark.first + index);
      return before === mark.attempted ? undefined : before - mark.first;
    },
  };
}

const isTimeless = ({ at }: Capture, { since, until }: Selection): boolean =>
  at === undefined && (since !== undefined || until !== undefined);

function isSelected({ at }: Capture, { provider, event }: Identity, selection: Selection): boolean {
  const { filter, since, until } = selection;
  if (filter && !filter({ provider: provider?.name, event })) return false;
  return at === undefined || ((since === undefined || at >= since) && (until === undefined || at <= until));
}
