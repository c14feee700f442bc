import { isObject, parseMixed } from './json.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * What a file of JSON holds: a declaration, or a configuration with some. The samples have the digits of the text, all
 * else the numbers of a program, since that is what it is read for.
 * @param value the text, parsed
 */
export function withExactSamples(value: unknown, text: string): unknown {
  const exact = parseMixed(text);
  if (exact === undefined || !isObject(value)) return value;
  const { providers } = value as Data;
  if (!Array.isArray(providers)) return declared(value, exact);
  const inner = listOf((exact as Data).providers);
  return { ...(value as Data), providers: providers.map((each, index) => declared(each, inner[index])) };
}

/** A declaration with the samples of another reading of it. */
function declared(plain: unknown, exact: unknown): unknown {
  if (!isObject(plain) || !isObject((plain as Data).events)) return plain;
  const { events } = plain as { readonly events: Data };
  const exactEvents = (exact as { readonly events: Data }).events;
  const entries = Object.entries(events).map(([name, event]) => [name, sampled(event, exactEvents[name])]);
  return { ...(plain as Data), events: Object.fromEntries(entries) };
}

function sampled(plain: unknown, exact: unknown): unknown {
  if (!isObject(plain) || !Array.isArray((plain as Data).samples)) return plain;
  const inner = listOf((exact as Data).samples);
  const samples = (plain as { readonly samples: readonly unknown[] }).samples.map((sample, index) =>
    isObject(sample) ? inner[index] : sample,
  );
  return { ...(plain as Data), samples };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
