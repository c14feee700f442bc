import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bash,
  bin,
  hooks,
  linesOf,
  makeFolder,
  makePipe,
  type RunOptions,
  start,
  startBash,
  startListening,
  startProgram,
} from './helpers/command.ts';
import { ask, catchAll, deadPort, serveHttp, serveSockets } from './helpers/wire.ts';

const signals = process.platform !== 'win32';
const shell = process.platform !== 'win32';
const commands = ['send', 'listen', 'events', 'replay', 'verify', 'sign', 'infer', 'demo'];
const order = ['shoprocket', 'order.created'];

const stackTrace = /^\s+at .+:\d+/m;
const colourCode = '\u001b[';

/** Runs, and expects a refusal: 2, nothing on stdout, no stack trace. */
async function refused(args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await hooks(args, options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /m);
  expect(stderr).not.toMatch(stackTrace);
  expect(stderr).not.toContain('something went wrong in hooks itself');
  return stderr;
}

describe.concurrent('exit code 0', () => {
  it.each([['--help'], ['-h'], ['help'], ['help', 'send'], ['--version'], ['-V'], ['events']])(
    'hooks %s %s',
    async (...args) => {
      const { code, stdout, stderr } = await hooks(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  it('every delivery accepted', async () => {
    await using receiver = await catchAll(204);
    const { code } = await hooks(['send', 'roastify', 'fulfillment.*', '--to', `${receiver.port}`]);
    expect(code).toBe(0);
    expect(receiver.caught).toHaveLength(8);
  });

  it('every expectation met', async () => {
    await using receiver = await catchAll(401);
    const { code } = await hooks(['send', ...order, '--to', `${receiver.port}`, '--expect-status', '401']);
    expect(code).toBe(0);
  });

  it.runIf(signals)('a listen with nothing to assert, ended by SIGINT', async () => {
    await using listening = await startListening();
    const { code, signal, stdout } = await listening.stop('SIGINT');
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'summary', received: 0 });
  });

  it.runIf(shell).each([
    ['events', 'hooks events | head -1', 'Rose Rocket'],
    ['events --json', 'hooks events --json | head -1', '"kind":"event"'],
    ['demo', 'hooks demo | head -1', '-->'],
    ['demo --json', 'hooks demo --json | head -1', '{"kind":'],
    ['help', 'hooks send --help | head -1', 'Usage'],
  ])('a reader of %s that left', async (_name, line, expected) => {
    const { stdout, stderr } = await bash(`${line}; echo "code $PIPESTATUS"`);
    expect(stdout).toContain(expected);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).toMatch(/^code 0$/m);
    expect(stderr).not.toMatch(/EPIPE|error/i);
  });

  it.runIf(shell)('a reader of listen that left', async () => {
    await using piped = startBash('hooks listen --json --port 0 | head -1; echo "code $PIPESTATUS"');
    const [, port] = await piped.says(/"url":"http:\/\/localhost:(\d+)\/"/);
    // What it would print of this delivery has no reader.
    expect(await ask(Number(port), { body: '{}' })).toMatchObject({ status: 400 });
    const { stdout, stderr } = await piped.result;
    expect(stdout).toMatch(/^code 0$/m);
    expect(stderr).toBe('');
  });
});

describe.concurrent('exit code 1', () => {
  it.each([
    ['an answer that refuses', 500, []],
    ['an answer that is not the expected one', 200, ['--expect-status', '4xx']],
    ['a redirect', 301, []],
  ])('%s', async (_name, status, more) => {
    await using receiver = await catchAll(status);
    const { code } = await hooks(['send', ...order, '--to', `${receiver.port}`, ...more]);
    expect(code).toBe(1);
    expect(receiver.caught).toHaveLength(1);
  });

  it('some accepted, some refused', async () => {
    await using receiver = await catchAll(200, 500, 200);
    const { code, stderr } = await hooks(['send', 'shoprocket', 'order.*', '--to', `${receiver.port}`]);
    expect(code).toBe(1);
    expect(stderr).toContain('3 sent, 2 accepted, 1 refused, 0 failed');
  });

  it('some answered, some not', async () => {
    let count = 0;
    await using receiver = await serveHttp((incoming, response) => {
      count += 1;
      if (count === 2) incoming.socket.destroy();
      else incoming.resume().on('end', () => response.end());
    });
    const { code, stderr } = await hooks(['send', 'shoprocket', 'order.*', '--to', `${receiver.port}`]);
    expect(code).toBe(1);
    expect(stderr).toContain('3 sent, 2 accepted, 0 refused, 1 failed');
  });

  it('an invalid capture', async () => {
    using folder = makeFolder();
    const body = folder.file('body.json', '{"type":"order.created"}');
    const { code } = await hooks(['verify', '--body', body, '-H', 'signature: 00']);
    expect(code).toBe(1);
  });
});

describe.concurrent('exit code 2', () => {
  it('bare hooks, after printing help', async () => {
    const { code, stdout, stderr } = await hooks([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: hooks');
    for (const command of commands) expect(stderr).toMatch(new RegExp(`^  ${command}`, 'm'));
  });

  it.each([
    ['a command', ['sned', 'shoprocket'], 'send'],
    ['a command, asked for help', ['sned', '--help'], 'send'],
    ['a command after help', ['help', 'sned'], 'send'],
    ['an option', ['send', ...order, '--to', '1', '--unsinged'], '--unsigned'],
    ['an option before the command', ['--colour', 'on', 'events'], '--color'],
    ['a provider of send', ['send', 'shoprokcet', 'order.created', '--to', '1'], 'shoprocket'],
    ['a provider of events', ['events', 'roastfy'], 'roastify'],
    ['a provider of sign', ['sign', 'rose-rokcet', '-'], 'rose-rocket'],
    ['a provider of verify', ['verify', '-', '--provider', 'roastfy'], 'roastify'],
    ['a provider of listen', ['listen', '--port', '0', '--provider', 'shop-rocket'], 'shoprocket'],
    ['an event of send', ['send', 'shoprocket', 'order.craeted', '--to', '1'], 'order.created'],
    ['an event of events', ['events', 'roastify', 'fulfilment.shipped'], 'fulfillment.shipped'],
    ['an event of listen', ['listen', '--port', '0', '-e', 'order.delivred'], 'order.delivered'],
    [
      'an event of a provider of listen',
      ['listen', '--port', '0', '-e', 'shoprocket:customer.update'],
      'customer.updated',
    ],
    ['a printed name', ['send', 'rose-rocket', 'Order POD Uplaoded', '--to', '1'], 'Order POD Uploaded'],
    ['a path of --set', ['send', ...order, '--dry-run', '--set', 'data.totl_amount=1'], 'data.total_amount'],
    [
      'a nested path of --set',
      ['send', ...order, '--dry-run', '--set', 'data.order_items[0].nam=x'],
      'data.order_items[0].',
    ],
    ['a path of --unset', ['send', ...order, '--dry-run', '--unset', 'data.emial'], 'data.email'],
    ['a choice', ['send', ...order, '--dry-run', '--format', 'crul'], 'curl'],
  ])('a typo in %s, with the nearest', async (_name, args, nearest) => {
    const stderr = await refused(args);
    expect(stderr).toMatch(/did you mean|choices are/i);
    expect(stderr).toContain(nearest);
  });

  it.each([
    ['an event of another provider', ['send', 'shoprocket', 'fulfillment.shipped', '--to', '1']],
    ['a glob that fits nothing', ['send', 'shoprocket', 'nothing.*', '--to', '1']],
    ['no provider', ['send', '--to', '1']],
    ['no event', ['send', 'shoprocket', '--to', '1']],
    ['no target', ['send', ...order]],
    ['a word too many', ['demo', 'shoprocket']],
    ['a word too many for events', ['events', ...order, 'more']],
    ['a number that is none', ['send', ...order, '--to', '1', '--seed', 'x']],
    ['a negative number', ['send', ...order, '--to', '1', '--seed', '-5']],
    ['a time that is none', ['send', ...order, '--to', '1', '--at', 'yesterday']],
    ['a length of time without a unit', ['send', ...order, '--to', '1', '--timeout', '5']],
    ['a size that is none', ['listen', '--port', '0', '--max-body', 'big']],
    ['a port that is none', ['listen', '--port', '65536']],
    ['a status that is none', ['send', ...order, '--to', '1', '--expect-status', '2yy']],
    ['a header that is none', ['send', ...order, '--to', '1', '-H', 'no colon']],
    ['a header of the connection', ['send', ...order, '--to', '1', '-H', 'content-length: 1']],
    ['a --set that is none', ['send', ...order, '--to', '1', '--set', 'data']],
    ['a choice of --color', ['events', '--color', 'sometimes']],
    ['an address that is not of this machine', ['listen', '--port', '0', '--host', '203.0.113.7']],
  ])('%s', async (_name, args) => {
    await refused(args);
  });

  it.each([
    ['send', '--body', '--json'],
    ['send', '--to', '--json'],
    ['send', '-H', '--json'],
    ['send', '--set', '--unsigned'],
    ['send', '--secret-file', '--dry-run'],
    ['send', '--seed', '--json'],
    ['send', '--id', '-s'],
    ['listen', '--host', '--json'],
    ['listen', '--provider', '--strict'],
    ['listen', '-e', '--strict'],
    ['verify', '--body', '--strict'],
    ['sign', '--at', '--id'],
    ['events', '--at', '--json'],
    ['demo', '--seed', '--json'],
  ])('a value that looks like an option: %s %s %s', async (command, option, value) => {
    const stderr = await refused([command, option, value]);
    expect(stderr).toContain(option);
  });

  it.each([
    ['--record', ['listen', '--record', 'a', '--record', 'b']],
    ['--port', ['listen', '-p', '0', '--port', '0']],
    ['--output', ['listen', '--output', 'full', '--output', 'full']],
    ['--seed', ['send', ...order, '--to', '1', '--seed', '1', '--seed', '2']],
    ['--format', ['sign', 'shoprocket', '-', '--format', 'curl', '--format', 'json']],
    ['--color', ['--color', 'on', 'events', '--color', 'on']],
    ['--name', ['provider', 'import', '-', '--name', 'a', '--name', 'b']],
    ['--events', ['listen', '-e', 'a', '-e', 'b']],
  ])('%s given twice, of which the first would be forgotten', async (option, args) => {
    expect(await refused(args)).toContain(
      `${option} stands there twice\ngive it once${option === '--events' ? ', with commas in between' : ''}`,
    );
  });

  it('a flag may stand there twice, and what takes a list', async () => {
    const words = ['send', ...order, '--dry-run', '--json', '--json', '--set', 'id=a', '--set', 'id=b'];
    expect((await hooks([...words, '--force', '-H', 'a: 1', '-H', 'b: 2'])).code).toBe(0);
  });

  it.each(commands)('%s refuses what it does not know, and shows no stack', async (command) => {
    expect(await refused([command, '--frobnicate'])).toContain('--frobnicate');
  });

  it('the port is taken', async () => {
    await using listening = await startListening();
    const stderr = await refused(['listen', '--port', `${listening.port}`]);
    expect(stderr).toContain(`port ${listening.port} is taken`);
    expect(stderr).toContain('--port 0');
    expect(stderr).not.toContain('default');
    expect(await ask(listening.port, { method: 'GET' })).toMatchObject({ status: 200 });
  });
});

describe.concurrent('exit code 3', () => {
  it('connection refused', async () => {
    const { code, stdout } = await hooks(['send', ...order, '--to', `${await deadPort()}`]);
    expect(code).toBe(3);
    expect(stdout).toContain('refused');
  });

  it('none of several answered', async () => {
    const port = await deadPort();
    const { code, stderr } = await hooks(['send', 'roastify', '--all', '--to', `${port}`]);
    expect(code).toBe(3);
    expect(stderr).toContain('9 sent, 0 accepted, 0 refused, 9 failed');
  });
});

describe.runIf(signals).concurrent('exit codes 130, 143 and 129', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s in the middle of a delivery', async (signal, expected) => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await using receiver = await serveSockets((socket) => socket.once('data', () => arrived()));
    await using sending = start(['send', ...order, '--to', `${receiver.port}`]);
    await arrival;
    const { code, signal: by, stdout, stderr } = await sending.stop(signal);
    expect({ code, by }).toEqual({ code: expected, by: null });
    expect(stdout).toContain('aborted');
    expect(stderr).not.toMatch(stackTrace);
  });

  it('SIGINT in the middle of several: those not begun are not sent, the summary is printed', async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await using receiver = await serveSockets((socket) => socket.once('data', () => arrived()));
    await using sending = start(['send', 'roastify', '--all', '--json', '--to', `${receiver.port}`]);
    await arrival;
    const { code, stdout } = await sending.stop('SIGINT');
    expect(code).toBe(130);
    expect(linesOf(stdout).map(({ kind }) => kind)).toEqual(['attempt', 'summary']);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a listen with %i, after its summary', async (name, expected) => {
    await using listening = await startListening();
    await ask(listening.port, { body: '{}' });
    await listening.facts('received', 1);
    const { code, signal, stdout } = await listening.stop(name);
    expect({ code, signal }).toEqual({ code: expected, signal: null });
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'summary', received: 1, invalid: 1 });
  });
});

describe.runIf(process.platform === 'linux' && existsSync('/usr/bin/script'))(
  'a terminal that is closed',
  () => {
    it('ends a listen with 129, its recording whole', async () => {
      using folder = makeFolder();
      const [pipe, record] = [makePipe(folder), join(folder.path, 'r.jsonl')];
      const line = `trap : HUP; "${process.execPath}" "${bin}" listen --port 0 --record ${record}; echo $? > ${pipe}`;
      // The shell that leads the terminal's session ends with it, and so the signal comes to the others.
      const inner = `bash ${folder.file('inner.sh', line)}; exit`;
      await using terminal = startProgram('script', ['-qec', inner, '/dev/null'], { open: true });
      await terminal.says(/listening/);
      const code = readFile(pipe, 'utf8');
      terminal.child.kill('SIGKILL');
      expect(await code).toBe('129\n');
      expect(linesOf(readFileSync(record, 'utf8')).at(-1)?.kind).toBe('summary');
    });
  },
);

describe.concurrent('help', () => {
  it.each([...commands, 'trigger'])('%s has examples', async (command) => {
    const [byOption, byWord] = await Promise.all([hooks([command, '--help']), hooks(['help', command])]);
    expect(byOption).toMatchObject({ code: 0, stderr: '' });
    expect(byOption.stdout).toMatch(/^Usage: hooks /);
    expect(byOption.stdout).toMatch(/^Examples:\n {2}\$ hooks /m);
    expect(byWord.stdout).toBe(byOption.stdout);
  });

  it('names the exit codes', async () => {
    expect((await hooks(['--help'])).stdout).toMatch(/Exit codes: 0 .*1 .*2 .*3 /);
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect((await hooks(['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe.concurrent('colour', () => {
  it.each([
    ['no terminal', [], {}, false],
    ['--color on', ['--color', 'on'], {}, true],
    ['--color on and NO_COLOR', ['--color', 'on'], { NO_COLOR: '1' }, true],
    ['--color off and FORCE_COLOR', ['--color', 'off'], { FORCE_COLOR: '1' }, false],
    ['--color auto', ['--color', 'auto'], {}, false],
    ['FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, false],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
    ['NO_COLOR and FORCE_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['an empty NO_COLOR and FORCE_COLOR', [], { NO_COLOR: '', FORCE_COLOR: '1' }, true],
  ] as Array<[string, string[], Record<string, string>, boolean]>)(
    '%s',
    async (_name, args, env, expected) => {
      const runs = await Promise.all([
        hooks(['events', ...args], { env }),
        hooks([...args, 'events'], { env }),
      ]);
      for (const { code, stdout, stderr } of runs) {
        expect(code).toBe(0);
        expect(stdout.includes(colourCode)).toBe(expected);
        expect(stderr).toBe('');
      }
    },
  );

  it('never in NDJSON', async () => {
    const { stdout } = await hooks(['demo', '--json', '--color', 'on'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain(colourCode);
    expect(stdout).not.toContain('\\u001b');
  });
});

describe.concurrent('--json', () => {
  it.each([
    ['events', ['events', '--json'], 47, 'event'],
    ['events of one provider', ['events', 'roastify', '--json'], 9, 'event'],
    ['one event', ['events', ...order, '--json'], 1, 'event'],
    ['one schema', ['events', ...order, '--schema', '--json'], 1, 'event'],
    ['dry run', ['send', 'shoprocket', '--all', '--dry-run', '--json'], 6, 'delivery'],
    ['demo', ['demo', '--json'], 47, 'received'],
  ])('%s: each line is a fact, and there is nothing else', async (_name, args, count, kind) => {
    const { code, stdout, stderr } = await hooks(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const facts = linesOf(stdout);
    expect(facts.filter((fact) => fact.kind === kind)).toHaveLength(count);
    for (const { kind, at } of facts) {
      expect(kind).toMatch(/^[a-z]+$/);
      expect(new Date(at).toISOString()).toBe(at);
    }
  });

  it('notices are facts too', async () => {
    const { stdout, stderr } = await hooks([
      ...['send', ...order, '--json', '--to', `${await deadPort()}`, '--secret', 'a-secret-of-mine'],
    ]);
    expect(stderr).toBe('');
    const notices = linesOf(stdout).filter(({ kind }) => kind === 'notice');
    expect(notices.map(({ code }) => code)).toEqual(['NOTE', 'SECRET_ON_COMMAND_LINE', 'HINT']);
    expect(notices[1]).toMatchObject({ level: 'warning', message: expect.stringContaining('process list') });
  });

  it('an error is on stderr, and stdout stays empty', async () => {
    const stderr = await refused(['events', 'nobody', '--json']);
    expect(stderr).toContain('there is no provider "nobody"');
  });
});

describe.concurrent('--debug', () => {
  it('shows where an error comes from', async () => {
    const { code, stderr } = await hooks(['events', 'nobody', '--debug']);
    expect(code).toBe(2);
    expect(stderr).toMatch(stackTrace);
  });
});
