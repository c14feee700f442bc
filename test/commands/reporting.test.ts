import { describe, expect, it } from 'vitest';
import { replay } from '../../src/commands/replay.ts';
import { send } from '../../src/commands/send.ts';
import { verify } from '../../src/commands/verify.ts';
import type { Context } from '../../src/context.ts';
import { parseSet } from '../../src/core/patch.ts';
import { receivedFact } from '../../src/core/wire.ts';
import { hooks, linesOf, makeFolder, startListening } from '../helpers/command.ts';
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

describe('a static token of an unusual name', () => {
  const secret = 'hunter2hunter2hunter2';
  const provider = (place: string) => ({
    name: 'door',
    eventAt: 'type',
    scheme: { kind: 'token', in: place, name: 'x-ident' },
    events: { 'door.opened': { samples: [{ id: 'evt_1a2b3c' }] } },
  });

  it.each(['header', 'query'])('in the %s is masked in all that is printed', async (place) => {
    using folder = makeFolder();
    folder.file('hooks.config.json', JSON.stringify({ providers: [provider(place)] }));
    const options = { cwd: folder.path, env: { HOOKS_DOOR_SECRET: secret } };
    await using listening = await startListening(['--record', 'came.jsonl'], options);
    const send = ['send', 'door', 'door.opened', '--to', listening.url];
    const runs = [
      await hooks([...send, '--json'], options),
      await hooks([...send, '--expect-status', '400'], options),
      await hooks([...send, '--dry-run'], options),
      await hooks([...send, '--dry-run', '--format', 'curl'], options),
      await hooks(['verify', 'came.jsonl'], options),
      await hooks(['check', 'door', '--to', listening.url, '--json', '--only', 'valid'], options),
    ];
    const heard = await listening.stop('SIGINT');
    expect(runs[0]?.code).toBe(0);
    for (const { stdout, stderr } of [...runs, heard]) {
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).not.toMatch(/went wrong|there is no rule/);
    }
    expect(runs.filter(({ stdout }) => stdout.includes('••••ter2')).length).toBeGreaterThan(1);
    expect(heard.stdout).toContain('••••ter2');
    const shown = await hooks([...send, '--dry-run', '--show-secrets'], options);
    expect(shown.stdout).toContain(secret);
  });
});
