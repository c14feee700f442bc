import type { EventFact } from './facts.ts';
import { formatPath } from './path.ts';
import type { EventType, Provider } from './provider.ts';
import { undocumentedPaths } from './schema-walk.ts';
import type { Basis } from './types.ts';

/** One event as the catalogue has it. */
export function catalogueRow(provider: Provider, name: string, at: string): EventFact {
  const { title, summary, basis, source, schema } = provider.events[name] as EventType;
  const { scheme, policy } = provider;
  return {
    kind: 'event',
    at,
    provider: provider.name,
    event: name,
    title,
    summary,
    basis,
    source,
    payload_basis: schema['x-basis'] as Basis,
    payload_undocumented: undocumentedPaths(schema).map(formatPath),
    signing: { label: scheme.label, basis: scheme.basis, source: scheme.source },
    retries: {
      delays_ms: policy.delaysMs.value,
      basis: policy.delaysMs.basis,
      source: policy.delaysMs.source,
    },
  };
}
