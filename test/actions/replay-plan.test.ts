import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planReplay } from '../../src/actions/replay-plan.ts';
import { header } from '../../src/core/headers.ts';
import { receivedFact } from '../../src/core/wire.ts';
import { spool } from '../../src/io/source.ts';
import { providers } from '../../src/providers/index.ts';
import { fromRoastify } from '../helpers/deliveries.ts';

interface Entry {
  readonly came: boolean;
  readonly id: string;
}

const at = '2026-11-21T10:00:00.000Z';

/** A line of a recording; its body says which line it is. */
function lineOf({ came, id }: Entry, number: number): string {
  const message = receivedFact(fromRoastify({ id, body: JSON.stringify({ eventType: 'a', number }) }));
  return came
    ? JSON.stringify({ kind: 'received', at, received: message })
    : JSON.stringify({
        kind: 'attempt',
        at,
        delivery: { ...message, id, provider: 'roastify', url: 'http://a/' },
      });
}

/** The numbers of the lines that are to be sent: written down once more, the slow way. */
const expected = (entries: readonly Entry[]): number[] =>
  entries.flatMap(({ came, id }, number) => {
    const others = entries.map((entry, index) => ({ ...entry, index })).filter((entry) => entry.id === id);
    const last = others.filter((entry) => !entry.came).at(-1)?.index === number;
    return came || (last && others.every((entry) => !entry.came)) ? [number] : [];
  });

async function planned(text: string) {
  const source = await spool(
    (async function* () {
      yield Buffer.from(text);
    })(),
  );
  const plan = await planReplay(source, { providers }, () => {});
  const captures = [];
  for (let index = 0; index < plan.total; index++) captures.push((await plan.capture(index))!);
  await source.close();
  return { plan, captures };
}

it('what came is sent each time, what was only attempted once, whatever the order of the facts', async () => {
  const entry = fc.record({ came: fc.boolean(), id: fc.constantFrom('msg_a', 'msg_b', 'msg_c', 'msg_d') });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
      const { plan, captures } = await planned(entries.map(lineOf).join('\n'));
      const numbers = captures.map(
        ({ received }) => JSON.parse(Buffer.from(received.body).toString()).number,
      );
      expect(numbers).toEqual(expected(entries));
      expect(plan.found).toBe(numbers.length);
    }),
  );
});

it('the parts of a document are sent as lines are', async () => {
  const entries = ['msg_a', 'msg_b'].map((id, number) => JSON.parse(lineOf({ came: true, id }, number)));
  const { captures } = await planned(entries.map((fact) => JSON.stringify(fact, null, 2)).join('\n'));
  expect(captures.map(({ received }) => header(received.headers, 'svix-id'))).toEqual(['msg_a', 'msg_b']);
});
