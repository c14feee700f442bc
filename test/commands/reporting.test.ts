import { describe, expect, it } from 'vitest';
import { replay } from '../../src/commands/replay.ts';
import { send } from '../../src/commands/send.ts';
import { verify } from '../../src/commands/verify.ts';
import type { Context } from '../../src/context.ts';
import { parseSet } from '../../src/core/patch.ts';
import { receivedFact } from '../../src/core/wire.ts';
import { linesOf, makeFolder } from '../helpers/command.ts';
import { testContext } from '../helpers/context.ts';
import { fromRoastify } from '../helpers/deliveries.ts';
import { receiver } from '../helpers/receiver.ts';

const recording = Array.from({ length: 10 }, (_, index) =>
  JSON.stringify({ kind: 'received', received: receivedFact(fromRoastify({ id: `msg_${index}` })) }),
).join('\n');

type Work = (to: string, file: string, context: Context) => Promise<number>;

const event = ['fulfillment.created'];
const works: [string, string, Work][] = [
  [
    'send --dry-run',
    'delivery',
    (_to, _file, context) => send('roastify', event, { count: 10, dryRun: true, json: true }, context),
  ],
  [
    'send --each',
    'attempt',
    (to, _file, context) => send('roastify', event, { to, count: 10, each: true, json: true }, context),
  ],
  ['replay', 'attempt', (to, file, context) => replay(file, { to, json: true }, context)],
  [
    'replay of what cannot be sent',
    'notice',
    (to, file, context) => replay(file, { to, json: true, set: [parseSet('no.path=1')] }, context),
  ],
  ['verify', 'received', (_to, file, context) => verify(file, { json: true }, context)],
];

describe('whoever reads slowly is waited for', () => {
  it.each(works)('%s', async (_name, kind, work) => {
    const { url } = await receiver();
    using folder = makeFolder();
    const leaving = new AbortController();
    let waits = 0;
    const context = testContext({
      interrupt: leaving.signal,
      async drained() {
        waits += 1;
        if (waits === 3) leaving.abort('SIGINT');
      },
    });
    expect(await work(url, folder.file('a.jsonl', recording), context)).toBe(130);
    const told = linesOf(context.out.text()).filter((line) => line.kind === kind && line.code !== 'NOTE');
    expect(told).toHaveLength(3);
  });
});
