import { percentDecoded } from './percent.ts';
import { nothingSound, references, type Sound } from './schema-fault.ts';
import type { JsonSchema } from './types.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** The schemas that the events of a provider share. There may be thousands, and each is looked at once. */
export interface Shared {
  /** Those that a schema refers to, through any number of others. */
  readonly neededBy: (schema: JsonSchema) => Schemas;
  /** What was found sound of them in other events, where that holds in this one too. */
  readonly soundFor: (schema: JsonSchema) => Sound;
}

/** What a schema refers to: shared ones by name, and all else. */
interface Links {
  readonly names: readonly string[];
  readonly others: readonly string[];
}

const prefix = '#/$defs/';

function linksOf(schema: JsonSchema): Links {
  const all = [...references(schema)];
  return {
    names: all.filter((each) => each.startsWith(prefix)).map(nameIn),
    others: all.filter((each) => !each.startsWith(prefix)),
  };
}

/** The name in `#/$defs/<name>/…`. */
const nameIn = (reference: string): string =>
  (percentDecoded(reference.slice(prefix.length)).split('/')[0] as string)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');

/** Keywords by which a schema is referred to otherwise than by its path. */
const otherNames = /"\$(?:id|anchor|dynamicAnchor)":/;

/** Opens those that stand under `$defs` of a declaration. */
export function openShared($defs: Schemas = {}): Shared {
  const links = linksAmong($defs);
  const sound = nothingSound();
  return {
    neededBy(schema) {
      const own = linksOf(schema);
      const isByPath = own.others.every((each) => /^(?:#$|#\/|[^#])/.test(each));
      if (!links || !isByPath) return $defs;
      const needed = new Set<string>();
      const open = [...own.names];
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        const found = needed.has(name) ? undefined : links.get(name);
        if (found === undefined) continue;
        needed.add(name);
        for (const next of found.names) open.push(next);
      }
      if (needed.size === links.size) return $defs;
      return Object.fromEntries([...needed].map((name) => [name, $defs[name] as JsonSchema]));
    },
    soundFor: (schema) => (links && schema.$defs === undefined ? sound : nothingSound()),
  };
}

/** By name what each refers to; nothing where one means something else in each event, or can be found by another name. */
function linksAmong($defs: Schemas): ReadonlyMap<string, Links> | undefined {
  try {
    const links = new Map(Object.entries($defs).map(([name, schema]) => [name, linksOf(schema)]));
    const isPlain = [...links.values()].every(({ others }) => others.length === 0);
    return isPlain && !otherNames.test(JSON.stringify($defs)) ? links : undefined;
  } catch {
    // What is nested too deeply, or holds itself, is refused with the event that it stands in.
    return undefined;
  }
}
