import { createHash, randomBytes } from 'node:crypto';
import type { Target } from '../core/target.ts';
import type { Headers, Received } from '../core/types.ts';

/** So many of the same bytes may be on their way to a target before the next is marked: a burst may repeat a delivery. */
const mostAlike = 8;

/** What is on its way to a target, counted by its bytes, and the name under which it is marked. */
interface Road {
  readonly alike: Map<string, number>;
  readonly name: string;
}

const roads = new WeakMap<Target, Road>();

function roadTo(target: Target): Road {
  const road = roads.get(target) ?? { alike: new Map(), name: `hooks-${randomBytes(6).toString('hex')}` };
  roads.set(target, road);
  return road;
}

/** A delivery that is passed on. */
export interface Hop {
  /** What is added to its headers: nothing, unless many of the same bytes are on their way already. */
  readonly mark: Headers;
  /** Its answer is there. */
  readonly over: () => void;
}

/**
 * Begins to pass a delivery on; nothing where it went this way before and came back, by whatever ways. Where listeners pass
 * on to each other none gets an answer, and there is always one more of the same bytes: only then is a header added
 * ([Via](https://www.rfc-editor.org/rfc/rfc9110#field.via)), and what comes back with it is known.
 */
export function beginHop({ headers, body }: Received, target: Target): Hop | undefined {
  const { alike, name } = roadTo(target);
  if (headers.some(([key, value]) => key.toLowerCase() === 'via' && value.includes(name))) return undefined;
  const bytes = createHash('sha1').update(body).digest('base64');
  const before = alike.get(bytes) ?? 0;
  alike.set(bytes, before + 1);
  return {
    mark: before < mostAlike ? [] : [['via', `1.1 ${name}`]],
    over() {
      const left = (alike.get(bytes) ?? 1) - 1;
      if (left > 0) alike.set(bytes, left);
      else alike.delete(bytes);
    },
  };
}
