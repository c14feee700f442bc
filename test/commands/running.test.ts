import { describe, expect, it } from 'vitest';
import {
  bash,
  bodyOf,
  hooks,
  type Line,
  linesOf,
  makeFolder,
  start,
  startListening,
} from '../helpers/command.ts';
import { examples, otherWhsec, shoprocketHeaders } from '../helpers/oracle.ts';
import { ask, hasIpv6, serveSockets } from '../helpers/wire.ts';

const posix = process.platform !== 'win32';
const ipv6 = await hasIpv6();
const created = await bodyOf('shoprocket', 'order.created');

const listen = ['listen', '--port', '0', '--json'];
/** A command that is a script of Node's. */
const node = (script: string) => ['--', process.execPath, '-e', script];
/** A script that delivers an order so many times, signed or not, then goes on. */
const delivers = (then = '', { signature = 'right', times = 1 } = {}) => `
  const body = ${JSON.stringify(created)};
  const mac = require('crypto').createHmac('sha256', process.env.HOOKS_SHOPROCKET_SECRET).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', signature: ${JSON.stringify(signature)} === 'right' ? mac : '00' };
  (async () => {
    for (let i = 0; i < ${times}; i++) await fetch(process.env.HOOKS_URL, { method: 'POST', headers, body });
    ${then}
  })();`;
const forges = (then = '') => delivers(then, { signature: 'wrong' });

const notices = (stdout: string): string[] =>
  linesOf(stdout).flatMap(({ kind, level, code }) => (kind === 'notice' && level === 'error' ? code : []));
const messageOf = (stdout: string, code: string): string =>
  linesOf(stdout).find((line) => line.code === code)?.message ?? '';

/** What a command finds in its environment. */
async function environmentOf(args: readonly string[], env = {}): Promise<Line> {
  const print = node('console.log(JSON.stringify(process.env))');
  const { stdout, code } = await hooks(['listen', '--port', '0', ...args, ...print], { env });
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe.concurrent('its environment', () => {
  it('has the URL and a secret of each provider', async () => {
    const env = await environmentOf([], { HOOKS_ROASTIFY_SECRET: otherWhsec, OTHER: 'kept' });
    expect(env).toMatchObject({
      HOOKS_URL: expect.stringMatching(/^http:\/\/localhost:\d+\/$/),
      HOOKS_ROSE_ROCKET_SECRET: examples['rose-rocket'],
      HOOKS_ROASTIFY_SECRET: otherWhsec,
      HOOKS_SHOPROCKET_SECRET: examples.shoprocket,
      OTHER: 'kept',
    });
  });

  it('has with --provider only that one’s, of several the first', async () => {
    const args = ['--provider', 'roastify', '-s', otherWhsec, '-s', examples.roastify];
    const env = await environmentOf(args);
    expect(env).toMatchObject({ HOOKS_ROASTIFY_SECRET: otherWhsec });
    expect(env).not.toHaveProperty('HOOKS_SHOPROCKET_SECRET');
  });

  it.each([['0.0.0.0'], ...(ipv6 ? [['::'], ['::1']] : []), ['127.0.0.1']])(
    'with --host %s the URL can be reached',
    async (host) => {
      const flags = ['--host', host, '--expect', 'order.created'];
      const { code, stdout } = await hooks([...listen, ...flags, ...node(delivers())]);
      expect([code, notices(stdout)]).toEqual([0, []]);
    },
  );
});

describe.concurrent('its output', () => {
  const speaks = node(
    'process.stdout.write(Buffer.from([111, 255, 27, 10])); process.stderr.write("err\\n"); process.exit(0)',
  );

  it('passes through as it is', async () => {
    const { bytes, stderr } = await hooks(['listen', '--port', '0', ...speaks]);
    expect([...bytes]).toEqual([111, 255, 27, 10]);
    expect(stderr).toContain('err\n');
  });

  it('goes to stderr with --json, and stdout is facts', async () => {
    const { stdout, stderr } = await hooks([...listen, ...speaks]);
    expect(linesOf(stdout).map(({ kind }) => kind)).toEqual(['ready', 'summary']);
    expect(stderr).toBe('o\ufffd\u001b\nerr\n');
  });

  it('is all there, however much, when it ends at once', async () => {
    const script = 'require("fs").writeSync(1, "x".repeat(60000)); process.kill(process.pid, "SIGKILL")';
    const { stdout } = await hooks(['listen', '--port', '0', ...node(script)]);
    expect(stdout).toBe('x'.repeat(60_000));
  });

  it.runIf(posix)('is all there when we print too, and it writes faster than anybody reads', async () => {
    const script = `${process.execPath} -e "$SEND" && seq 1 200000`;
    const env = { NO_COLOR: '1', SEND: delivers() };
    const { code, stdout, stderr } = await hooks(['listen', '--port', '0', '--', 'sh', '-c', script], {
      env,
    });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('unavailable')]);
    expect(stdout).toMatch(/\n199999\n200000\n/);
  });

  it('its stdin is empty', async () => {
    const script = 'process.stdin.on("end", () => process.exit(5)).resume()';
    const { stdout } = await hooks([...listen, ...node(script)], { stdin: 'not for it' });
    expect(messageOf(stdout, 'COMMAND_FAILED')).toContain('exit code 5');
  });

  it.runIf(posix)('a reader of ours that left changes nothing: its end decides', async () => {
    using folder = makeFolder();
    const run = (code: number) => {
      const file = folder.file(`${code}.cjs`, delivers(`process.exit(${code})`, { times: 3 }));
      const line = `hooks listen --port 0 --json -- "$NODE" ${file} | head -1 > /dev/null`;
      return bash(`${line}; echo "\${PIPESTATUS[0]}"`);
    };
    expect([(await run(0)).stdout, (await run(3)).stdout]).toEqual(['0\n', '1\n']);
  });
});

describe.concurrent('its end and what is expected', () => {
  const expects = ['--expect', 'order.created'];

  it.each<[string, string[], string, number, string[]]>([
    ['both are good', expects, delivers(), 0, []],
    ['it fails', expects, delivers('process.exit(3)'), 1, ['COMMAND_FAILED']],
    ['nothing came', expects, '', 1, ['EXPECTATION_UNMET']],
    ['nothing came, and it fails', expects, 'process.exit(3)', 1, ['COMMAND_FAILED', 'EXPECTATION_UNMET']],
    ['too few came', ['--expect', 'order.created=2'], delivers(), 1, ['EXPECTATION_UNMET']],
    ['enough came', ['--expect', 'order.*=2'], delivers('', { times: 2 }), 0, []],
    ['an invalid one came', expects, forges(), 1, ['EXPECTATION_UNMET']],
    ['nothing is expected', [], '', 0, []],
    ['nothing is expected, and it fails', [], 'process.exit(3)', 1, ['COMMAND_FAILED']],
    ['nothing is expected, a valid one came', [], delivers(), 0, []],
    ['nothing is expected, an invalid one came', [], forges(), 1, ['EXPECTATION_UNMET']],
    ['an invalid one came that is not asked for', ['-e', 'fulfillment.*'], forges(), 0, []],
    ['--once, and one came', ['--once'], delivers(), 0, []],
    ['--once, and none came', ['--once'], '', 1, ['EXPECTATION_UNMET']],
    ['--once, and the first is invalid', ['--once'], forges(), 1, ['EXPECTATION_UNMET']],
    [
      '--once, and the first is another',
      ['--once', '--expect', 'order.deleted'],
      delivers(),
      1,
      ['EXPECTATION_UNMET'],
    ],
    ['in time', [...expects, '--within', '1m'], delivers(), 0, []],
    ['without expectations, in time', ['--within', '1m'], '', 0, []],
  ])('%s', async (_what, flags, script, code, codes) => {
    const result = await hooks([...listen, ...flags, ...node(script)]);
    expect([result.code, notices(result.stdout)]).toEqual([code, codes]);
  });

  it('says with what it failed', async () => {
    const { stdout } = await hooks([...listen, ...node('process.exit(42)')]);
    expect(messageOf(stdout, 'COMMAND_FAILED')).toBe('the command ended with exit code 42');
  });

  it.runIf(posix)('says by which signal it was ended', async () => {
    const { code, stdout } = await hooks([...listen, ...node('process.kill(process.pid, "SIGKILL")')]);
    expect([code, messageOf(stdout, 'COMMAND_FAILED')]).toEqual([1, 'the command was ended by SIGKILL']);
  });

  it('says it to people on stderr', async () => {
    const { stdout, stderr } = await hooks([
      'listen',
      '--port',
      '0',
      ...expects,
      ...node('process.exit(42)'),
    ]);
    expect(stdout).toBe('');
    expect(stderr).toContain('error: the command ended with exit code 42\n');
    expect(stderr).toContain('error: before the command ended there did not come order.created: 0 of 1\n');
  });

  it('it is not cut short when all has come, nor at an invalid delivery', async () => {
    for (const script of [delivers, forges]) {
      const { stderr } = await hooks([...listen, ...expects, ...node(script('console.log("went on")'))]);
      expect(stderr).toBe('went on\n');
    }
  });

  it('an invalid delivery after all has come is a failure, too', async () => {
    const { code, stdout } = await hooks([
      ...listen,
      ...expects,
      ...node(delivers('await fetch(process.env.HOOKS_URL, { method: "POST", body: "{}" });')),
    ]);
    expect([code, messageOf(stdout, 'EXPECTATION_UNMET')]).toEqual([
      1,
      'an invalid delivery came: PROVIDER_UNKNOWN',
    ]);
  });

  it('a sender that still waits for its answer when it ends gets it, and is counted', async () => {
    let end = () => {};
    const started = new Promise<void>((resolve) => {
      end = resolve;
    });
    let release = () => {};
    await using gateway = await serveSockets((socket) => {
      release = () => socket.end();
      end();
    });
    const script = `require('net').connect(${gateway.port}, '127.0.0.1').resume().on('end', () => process.exit(0))`;
    await using listening = await startListening([...expects, '--delay', '1500ms', ...node(script)]);
    await started;
    const answer = ask(listening.port, { headers: shoprocketHeaders(created), body: created });
    // What is answered after it shows that it has come.
    await ask(listening.port, { method: 'GET' });
    release();
    expect(await answer).toMatchObject({ status: 200 });
    const { code, stdout } = await listening.result;
    expect(code).toBe(0);
    expect(linesOf(stdout).map(({ kind }) => kind)).toEqual(['ready', 'received', 'summary']);
  });
});

describe.runIf(posix).concurrent('no process is left behind', () => {
  // Each holds our stderr open: that a result comes at all shows that all of them have ended.
  const family = 'sleep 1000 & sleep 1000 & echo started >&2; wait';
  const stubborn = `trap '' INT TERM; ${family}; sleep 1000`;

  it.each([
    ['a willing one', family],
    ['one that ignores signals', stubborn],
  ])('when the time is over: %s', async (_what, line) => {
    const flags = ['--expect', 'order.created', '--within', '300ms'];
    const { code, stdout } = await hooks([...listen, ...flags, '--exec', line]);
    expect([code, notices(stdout), messageOf(stdout, 'EXPECTATION_UNMET')]).toEqual([
      1,
      ['COMMAND_FAILED', 'EXPECTATION_UNMET'],
      'within 300 ms there did not come order.created: 0 of 1',
    ]);
  });

  it('when its own time is over', async () => {
    const { code, stdout } = await hooks([...listen, '--within', '300ms', '--exec', family]);
    expect([code, messageOf(stdout, 'COMMAND_FAILED')]).toEqual([1, 'the command did not end within 300 ms']);
  });

  it('when it ends by itself', async () => {
    const { code } = await hooks([...listen, '--exec', 'sleep 1000 & sleep 1000 & exit 0']);
    expect(code).toBe(0);
  });

  it.each([
    ['SIGINT', family, 130],
    ['SIGTERM', family, 143],
    ['SIGINT', stubborn, 130],
    ['SIGHUP', stubborn, 129],
    ['SIGKILL', stubborn, null],
  ] as const)('%s, %s', async (signal, line, expected) => {
    await using listening = await startListening(['--exec', line]);
    await listening.says(/started/);
    // On a busy machine it may speak before the call that started it returns.
    await ask(listening.port, { method: 'GET' });
    const { code, stdout } = await listening.stop(signal);
    expect(code).toBe(expected);
    if (expected !== null) expect(linesOf(stdout).at(-1)?.kind).toBe('summary');
  });

  it('when Ctrl-C is pressed twice', async () => {
    const line = `trap 'echo heard >&2' INT; trap '' TERM; ${family}; while :; do wait; done`;
    await using listening = await startListening(['--exec', line]);
    await listening.says(/started/);
    listening.child.kill('SIGINT');
    await listening.says(/heard/);
    expect((await listening.stop('SIGINT')).code).toBe(130);
  });

  it('Ctrl-C reaches it, so that it can end as it likes', async () => {
    const script = `process.on('SIGINT', () => { console.log('tidied up'); process.exit(0); });
      setInterval(() => {}, 1e6); console.log('started')`;
    await using listening = await startListening(node(script));
    await listening.says(/started/);
    const { code, stderr } = await listening.stop('SIGINT');
    expect([code, stderr]).toEqual([130, 'started\ntidied up\n']);
  });
});

describe.concurrent('the command', () => {
  it('has options of its own', async () => {
    const { code, stdout } = await hooks([
      'listen',
      '--port',
      '0',
      '--',
      process.execPath,
      '-p',
      '6 * 7',
      '3',
      '--json',
    ]);
    expect([code, stdout]).toEqual([0, '42\n']);
  });

  it('keeps a -- of its own', async () => {
    const words = ['-e', 'console.log(process.argv.slice(1).join())', '--', 'a', '--', '--json'];
    const { stdout } = await hooks(['listen', '--port', '0', '--', process.execPath, ...words]);
    expect(stdout).toBe('a,--,--json\n');
  });

  it.runIf(posix)('as words meets no shell, with --exec it does', async () => {
    const [words, line] = await Promise.all([
      hooks(['listen', '--port', '0', '--', 'echo', '$HOOKS_URL;', '*']),
      hooks(['listen', '--port', '0', '--exec', 'echo "$HOOKS_URL"; exit 7']),
    ]);
    expect([words.code, words.stdout]).toEqual([0, '$HOOKS_URL; *\n']);
    expect([line.code, line.stdout]).toEqual([1, expect.stringMatching(/^http:\/\/localhost:\d+\/\n$/)]);
  });

  it('that does not exist is told of, with 2', async () => {
    const { code, stderr } = await hooks(['listen', '--port', '0', '--', 'no-such-command', 'test']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('error: there is no command "no-such-command"'),
    ]);
  });

  it.runIf(posix)('that does not exist, in a shell, is the shell’s to tell of', async () => {
    const { code, stdout, stderr } = await hooks([...listen, '--exec', 'no-such-command']);
    expect([code, messageOf(stdout, 'COMMAND_FAILED')]).toEqual([1, expect.stringContaining('127')]);
    expect(stderr).toContain('no-such-command');
  });

  it('runs beside a listener that goes on: it is ready before', async () => {
    await using listening = start(['listen', '--port', '0', ...node('console.log("started")')]);
    await listening.says(/started/);
    const { stderr } = await listening.result;
    expect(stderr).toContain('listening on http://localhost:');
  });
});

it.each([
  ['words without --', ['npm', 'test'], '"npm" is a word too many'],
  ['words before --', ['npm', '--', 'npm', 'test'], '"npm" is a word too many'],
  ['-- alone', ['--'], 'there is no command behind --'],
  ['an empty command', ['--', ''], 'there is no command behind --'],
  ['an empty line', ['--exec', ' '], 'It is empty.'],
  ['two commands', ['--exec', 'npm test', '--', 'npm', 'test'], 'one command can run'],
  ['-- as the value of an option', ['--expect', '--', 'npm', 'test'], '--expect'],
  ['--print-secret and a command', ['--print-secret', '--', 'npm', 'test'], 'a command cannot apply'],
  ['--print-secret and --exec', ['--print-secret', '--exec', 'npm test'], 'a command cannot apply'],
])('refused: %s', async (_what, args, words) => {
  const { code, stdout, stderr } = await hooks(['listen', '--port', '0', ...args]);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
});

it('behind -- other commands take arguments', async () => {
  const good = await hooks(['send', '--dry-run', '--', 'shoprocket', 'order.created']);
  expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('POST ') });
  const bad = await hooks(['demo', '--', 'shoprocket']);
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('too many arguments')]);
});
