import { expect, it } from 'vitest';
import { catalogueRow } from '../../src/core/catalogue.ts';
import { providers } from '../../src/providers/index.ts';
import { roastify } from '../helpers/deliveries.ts';

const at = '2026-11-21T10:00:00.000Z';

it('a row says what fires the event and what that rests on', () => {
  const event = roastify.events['fulfillment.created']!;
  expect(catalogueRow(roastify, 'fulfillment.created', at)).toEqual({
    kind: 'event',
    at,
    provider: 'roastify',
    event: 'fulfillment.created',
    title: event.title,
    summary: event.summary,
    basis: 'documented',
    source: event.source,
    payload_basis: 'documented',
    payload_undocumented: ['updatedAt'],
    signing: { label: roastify.scheme.label, basis: 'documented', source: roastify.scheme.source },
    retries: {
      delays_ms: [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000],
      basis: 'documented',
      source: roastify.policy.delaysMs.source,
    },
  });
});

it('every row is plain JSON', () => {
  for (const provider of providers)
    for (const name of Object.keys(provider.events)) {
      const row = catalogueRow(provider, name, at);
      expect(JSON.parse(JSON.stringify(row))).toEqual(row);
    }
});
