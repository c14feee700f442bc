import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/core/check/rules.ts';
import { probedRules } from '../helpers/battery.ts';
import { check, to } from '../helpers/checking.ts';
import { bash, hooks, linesOf, makeFolder, start } from '../helpers/command.ts';
import { freePort } from '../helpers/net.ts';
import { examples, otherWhsec } from '../helpers/oracle.ts';
import { isAlive, patiently, pidIn } from '../helpers/processes.ts';
import { receiver, silence } from '../helpers/receiver.ts';
import { shop } from '../helpers/shop.ts';
import { supervised } from '../helpers/supervised.ts';
import { serveHttps } from '../helpers/wire.ts';

const failures = (outcomes: Record<string, string>): string[] =>
  Object.keys(outcomes).filter((id) => outcomes[id] === 'failed');

describe('a receiver that does everything right', () => {
  it('passes every rule, and ends', async () => {
    const { code, stdout, stderr } = await hooks(['check', 'roastify', ...to(await shop())]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('✗');
    const passed = rules.filter((rule) => !probedRules.includes(rule));
    expect(stdout).toContain(
      `\n${rules.length} rules: ${passed.length} passed, ${probedRules.length} skipped (no`,
    );
    for (const { id } of passed) expect(stdout).toMatch(new RegExp(`^ {2}✓ ${id}\\b`, 'm'));
    for (const { id } of probedRules) expect(stdout).toMatch(new RegExp(`^ {2}– ${id}\\b`, 'm'));
  });

  it('passes with --json, one fact a line', async () => {
    const { code, found, summary, stderr } = await check(await shop());
    expect([code, stderr]).toEqual([0, '']);
    expect(found.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
    expect(summary).toMatchObject({
      kind: 'summary',
      rules: rules.length,
      skipped: probedRules.length,
      failed: 0,
    });
  });

  it('of a provider whose scheme is assumed passes what can be judged, and the rest says why not', async () => {
    const { url, port } = await receiver([{ status: 200 }]);
    const { stdout, code } = await hooks(['check', 'shoprocket', '--to', url, '--skip', 'refuses-*']);
    expect(stdout).toMatch(/skipped \(the signing scheme of Shoprocket is assumed; --scheme assumed says/);
    expect(code).toBe(0);
    const assumed = await hooks([
      'check',
      'shoprocket',
      ...to({ port }),
      '--scheme',
      'assumed',
      '--only',
      'wrong-secret',
    ]);
    expect(assumed.code).toBe(1);
  });
});

describe('the same battery', () => {
  const words = ['--at', '2026-11-21T10:00:00Z', '--only', 'tampered-*,json-scalar,stale'];

  it('is sent for the same seed and time', async () => {
    const sent = async (seed: string) => {
      const { visits, ...target } = await shop();
      expect((await check(target, ...words, '--seed', seed)).code).toBe(0);
      return visits.map(({ id, body }) => `${id} ${body}`).sort();
    };
    const first = await sent('7');
    expect(await sent('7')).toEqual(first);
    expect(await sent('8')).not.toEqual(first);
  });

  it('is told its seed', async () => {
    expect((await check(await shop(), ...words, '--seed', '7')).summary).toMatchObject({ seed: 7 });
  });
});

describe('options', () => {
  it('--only and --skip select', async () => {
    const { outcomes } = await check(await shop(), '--only', 'stale*,valid', '--skip', 'stale-by-*');
    expect(Object.keys(outcomes)).toEqual(['valid', 'stale']);
  });

  it('--event is what is sent', async () => {
    const { visits, ...target } = await shop();
    await check(target, '--only', 'wrong-secret', '--event', 'fulfillment.shipped');
    expect(visits.length).toBeGreaterThan(1);
    for (const { body } of visits)
      expect(JSON.parse(`${body}`)).toMatchObject({ eventType: 'fulfillment.shipped' });
  });

  it('--strict makes a SHOULD count', async () => {
    const slow = await shop(({ right }) => (right === 401 ? 500 : undefined));
    const words = ['--only', 'wrong-secret,refuses-with-4xx'];
    const { code, rule } = await check(slow, ...words);
    expect([code, rule('refuses-with-4xx')]).toMatchObject([0, { outcome: 'failed', level: 'SHOULD' }]);
    expect((await check(slow, ...words, '--strict')).code).toBe(1);
  });

  it('-H goes with every message, and is shown with it', async () => {
    const { visits, ...target } = await shop(() => 200);
    const { rule } = await check(target, '--only', 'stale', '-H', 'X-Tenant: 7');
    expect(visits.map(({ headers }) => headers['x-tenant'])).toEqual(['7', '7', '7']);
    expect(rule('stale').delivery.headers).toContainEqual(['X-Tenant', '7']);
  });

  it('--secret, --secret-file and the environment sign', async () => {
    const target = await shop();
    const other = (await check(target, '--secret', otherWhsec)).notices.join('\n');
    expect(other).toMatch(/SECRET_ON_COMMAND_LINE/);
    using folder = makeFolder();
    const only = ['--only', 'valid'];
    expect((await check(target, ...only, '--secret', examples.roastify)).code).toBe(0);
    expect((await check(target, ...only, '--secret-file', folder.file('s', examples.roastify))).code).toBe(0);
    const env = { HOOKS_ROASTIFY_SECRET: otherWhsec };
    expect((await hooks(['check', 'roastify', ...to(target), ...only], { env })).code).toBe(1);
  });

  it('--insecure takes any certificate', async () => {
    await using server = await serveHttps(
      (request, response) => void request.resume().on('end', () => response.writeHead(204).end()),
    );
    const words = ['--to', `https://localhost:${server.port}/`, '--only', 'valid'];
    const refused = await hooks(['check', 'roastify', ...words]);
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringMatching(/TLS failed/) });
    expect(await hooks(['check', 'roastify', ...words, '--insecure'])).toMatchObject({ code: 0 });
  });

  it('--wait waits for a receiver that is starting', async () => {
    const port = await freePort();
    const running = start(['check', 'roastify', '--to', String(port), '--only', 'valid', '--wait', '20s']);
    await receiver([{ status: 204 }], { port });
    expect(await running.result).toMatchObject({ code: 0 });
  });

  it('--junit and --markdown are written too', async () => {
    using folder = makeFolder();
    const [xml, page] = [`${folder.path}/check.xml`, `${folder.path}/check.md`];
    const target = { port: (await shop()).port };
    const url = `http://me:hunter2hunter2@localhost:${target.port}/hook?token=hunter2hunter2`;
    const taken = await shop(() => 200);
    const words = ['--only', 'stale,valid', '--junit', xml, '--markdown', page];
    await hooks([
      'check',
      'roastify',
      '--to',
      url.replace(String(target.port), String(taken.port)),
      ...words,
    ]);
    expect(readFileSync(xml, 'utf8')).toMatch(/<failure message="a minute too old: answered 200"/);
    expect(readFileSync(page, 'utf8')).toMatch(/### ❌ stale/);
    for (const file of [xml, page]) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/hunter2hunter2|Basic [A-Za-z0-9+/]{8}/);
    }
  });

  it.skipIf(!existsSync('/dev/full'))(
    'a file that cannot be kept is an error, and what was found is told',
    async () => {
      const { code, stdout, stderr } = await hooks([
        'check',
        'roastify',
        ...to(await shop()),
        '--only',
        'valid',
        '--junit',
        '/dev/full',
      ]);
      expect([code, stdout, stderr]).toEqual([
        2,
        expect.stringMatching(/1 rule: 1 passed/),
        expect.stringMatching(/^error: --junit \/dev\/full cannot be written: /),
      ]);
    },
  );

  it('--list and --explain say what the rules are', async () => {
    const list = await hooks(['check', '--list']);
    expect(list.code).toBe(0);
    for (const { id, title } of rules)
      expect(list.stdout).toMatch(new RegExp(`${id} .*${title.slice(0, 5)}`));
    const one = await hooks(['check', '--explain', 'stale']);
    expect(one).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^stale \(MUST\) .*\n\n[\s\S]+https:[\s\S]+remedy/),
    });
    const facts = linesOf((await hooks(['check', '--list', '--json'])).stdout);
    expect(facts.map(({ kind, rule }) => [kind, rule])).toEqual(rules.map(({ id }) => ['rule', id]));
    expect(linesOf((await hooks(['check', '--explain', 'stale', '--json'])).stdout)).toMatchObject([
      { rule: 'stale' },
    ]);
  });
});

describe('what is refused', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a header that rules send',
      ['roastify', '--to', '9', '-H', 'Content-Type: text/json'],
      /-H Content-Type would undo/,
    ],
    ['a header of the scheme', ['roastify', '--to', '9', '-H', 'svix-id: a'], /-H svix-id would undo/],
    ['no provider', ['--to', '1'], /roastify/],
    ['an unknown provider', ['roastifi', '--to', '1'], /did you mean roastify/],
    ['no target', ['roastify'], /--to/],
    ['an unknown rule', ['roastify', '--to', '1', '--only', 'stael'], /did you mean stale/],
    ['a rule that --skip names wrongly', ['roastify', '--to', '1', '--skip', 'stael'], /did you mean stale/],
    ['no rule left', ['roastify', '--to', '1', '--only', 'stale', '--skip', 'sta*'], /leave no rule/],
    ['an unknown rule to explain', ['--explain', 'tampered-bod'], /did you mean tampered-body/],
    [
      'an unknown event',
      ['roastify', '--to', '1', '--event', 'fulfillment.shiped'],
      /did you mean fulfillment\.shipped/,
    ],
    [
      'two events',
      ['roastify', '--to', '1', '--event', 'fulfillment.created', '--event', 'fulfillment.shipped'],
      /--event stands there twice/,
    ],
    ['several events', ['roastify', '--to', '1', '--event', 'fulfillment.*'], /fits \d+ events/],
    ['a scheme that is not assumed', ['roastify', '--to', '1', '--scheme', 'assumed'], /is documented/],
    ['an unknown scheme', ['roastify', '--to', '1', '--scheme', 'mine'], /assumed/],
    ['a remote host', ['roastify', '--to', 'https://shop.example/'], /--allow-remote/],
    [
      'a remote host without a secret',
      ['roastify', '--to', 'https://shop.example/', '--allow-remote'],
      /example secret is not used/,
    ],
    ['a remote effect', ['roastify', '--to', '1', '--effect-url', 'https://shop.example/'], /--allow-remote/],
    ['two probes', ['roastify', '--to', '1', '--effect-cmd', 'x', '--effect-url', '2'], /give one of them/],
    [
      'a wait for no effect',
      ['roastify', '--to', '1', '--effect-wait', '1s'],
      /--effect-cmd or --effect-url/,
    ],
    [
      'effects that no rule looks at',
      ['roastify', '--to', '1', '--effect-cmd', 'x', '--only', 'valid,stale'],
      /none of the rules that are left looks at effects, so --effect-cmd cannot apply/,
    ],
    [
      'a scheme that is not known',
      ['shoprocket-v3', '--to', '1', '--scheme', 'assumed'],
      /nothing is known of how Shoprocket v3 signs, so --scheme assumed cannot apply/,
    ],
    ['one file for two', ['roastify', '--to', '1', '--junit', 'x', '--markdown', 'x'], /name two files/],
    [
      'a file in no folder',
      ['roastify', '--to', '1', '--junit', '/no/where/x'],
      /--junit \/no\/where\/x cannot be written/,
    ],
    ['secrets in JSON', ['roastify', '--to', '1', '--json', '--show-secrets'], /stay masked/],
    ['a malformed secret', ['roastify', '--to', '1', '--secret', 'hunter2hunter2'], /malformed/],
    ['a list of a provider', ['roastify', '--list'], /"roastify" cannot apply/],
    ['a list to somebody', ['--list', '--to', '1'], /--to cannot apply/],
    ['a list and an explanation', ['--list', '--explain', 'stale'], /--list cannot apply/],
    ['a negative seed', ['roastify', '--to', '1', '--seed', '-1'], /seed/],
    ['no time', ['roastify', '--to', '1', '--at', 'soon'], /is not a time/],
    ['a header that is none', ['roastify', '--to', '1', '-H', 'x'], /is not a header/],
  ])('%s', async (_, words, said) => {
    const { code, stdout, stderr } = await hooks(['check', ...words]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(said)]);
    expect(stderr).not.toMatch(/hunter2hunter2|\n {4}at /);
  });
});

describe('a baseline that is refused', () => {
  it.each<[string, number, Record<string, string>, RegExp]>([
    ['always 401', 401, {}, /another secret[\s\S]*parsed before the signature is checked/],
    [
      'a redirect',
      302,
      { location: '/login?token=abcdefghijklmnop' },
      /redirects to \/login\?token=••••mnop/,
    ],
    ['no such path', 404, {}, /the path is another/],
    ['an error', 500, {}, /its log says where/],
  ])('%s: says what was sent, what came back and what may be wrong', async (_, status, headers, causes) => {
    const { port, requests } = await receiver([{ status, headers, body: 'no\x1b[2J' }]);
    const { code, stdout, stderr } = await hooks(['check', 'roastify', '--to', `${port}/hook`]);
    expect([code, requests.length]).toEqual([1, 1]);
    expect(stdout).toMatch(/^✗ valid \(MUST\)/m);
    expect(stdout).toMatch(/curl -sS [\s\S]*localhost:\d+\/hook[\s\S]*svix-signature/);
    expect(stdout).toContain(`answered ${status}`);
    expect(stdout).toContain('no\\x1b[2J');
    expect(stderr).toMatch(causes);
    expect(`${stdout}${stderr}`).not.toMatch(/abcdefghijklmnop|\x1b/);
  });

  it('nobody there', async () => {
    const { code, stderr } = await hooks(['check', 'roastify', '--to', String(await freePort())]);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/nothing listens at localhost:\d+, so nothing/),
    ]);
  });

  it('no answer', async () => {
    const { port } = await receiver([silence]);
    const { code, stderr } = await hooks(['check', 'roastify', '--to', String(port), '--timeout', '100ms']);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/does the handler end the response/)]);
  });

  it('always 429: is tried again, and that is said', async () => {
    const { port, requests } = await receiver([{ status: 429, headers: { 'retry-after': '0' } }]);
    const { code, stderr } = await hooks(['check', 'roastify', '--to', String(port)]);
    expect([code, requests.length]).toEqual([1, 4]);
    expect(stderr).toMatch(/answered 429: we wait 250 ms[\s\S]*goes on limiting the rate/);
  });

  it('429 with a wait that nobody keeps: says so, and judges nothing', async () => {
    const { code, notices, found, summary } = await check(
      await receiver([{ status: 429, headers: { 'retry-after': '120' } }]),
    );
    expect(code).toBe(1);
    expect(notices).toEqual([
      expect.stringMatching(/asks to wait 120 s, longer than 30 s: not waited for; the rules that are left/),
    ]);
    expect(found.every(({ outcome, unfinished }) => outcome === 'skipped' && unfinished)).toBe(true);
    expect(summary).toMatchObject({ skipped: rules.length, failed: 0 });
  });

  it('stands in the reports with all that was not tried', async () => {
    using folder = makeFolder();
    const [xml, page] = [`${folder.path}/check.xml`, `${folder.path}/check.md`];
    const { port } = await receiver([{ status: 401 }]);
    const words = ['--to', String(port), '--junit', xml, '--markdown', page];
    const { stdout } = await hooks(['check', 'roastify', ...words]);
    expect(stdout).toContain(
      `${rules.length} rules: 0 passed, 1 failed, ${rules.length - 1} skipped (the genuine delivery was refused)`,
    );
    expect(stdout.match(/– /g)).toBeNull();
    const skipped = readFileSync(xml, 'utf8').match(
      /<skipped message="the genuine delivery was refused"\/>/g,
    );
    expect(skipped).toHaveLength(rules.length - 1);
    expect(readFileSync(page, 'utf8')).toContain('| ➖ | stale | MUST | the genuine delivery was refused |');
  });

  it('the line of curl does the same', async () => {
    const target = await receiver([{ status: 401 }]);
    const { stdout } = await hooks(['check', 'roastify', ...to(target)]);
    const line = stdout
      .split('\n')
      .filter((text) => text.startsWith('    '))
      .join('\n')
      .split('\n    no')[0]!;
    await bash(line.slice(line.indexOf('curl')).replace('-sS', '-sS -o /dev/null'));
    const [first, second] = await target.got(2);
    expect(second!.body).toEqual(first!.body);
    expect(second!.headers.filter(([name]) => name.startsWith('svix'))).toEqual(
      first!.headers.filter(([name]) => name.startsWith('svix')),
    );
  });
});

it('nothing that was judged is no success', async () => {
  const unchecked = await receiver([{ status: 200 }]);
  const only = ['--only', 'refuses-with-4xx'];
  const { code, notices } = await check(unchecked, ...only);
  expect([code, notices]).toEqual([1, [expect.stringMatching(/NOTHING_JUDGED: .*every rule was skipped/)]]);
  const shoprocket = await hooks(['check', 'shoprocket', ...to(unchecked), '--only', 'stale']);
  expect(shoprocket).toMatchObject({ code: 1, stderr: expect.stringMatching(/nothing was judged/) });
});

describe('a receiver that is not right', () => {
  it('takes everything: fails what must be refused, exit 1', async () => {
    const { code, outcomes } = await check(await receiver([{ status: 200 }]));
    expect(code).toBe(1);
    for (const rule of rules.filter(({ group }) => group === 'refuse'))
      expect([rule.id, outcomes[rule.id]]).toEqual([
        rule.id,
        probedRules.includes(rule) ? 'skipped' : 'failed',
      ]);
  });

  it('says nothing to some: each is waited for, and it ends', async () => {
    const target = await shop(({ right }) => (right === 401 ? 'silent' : undefined));
    const only = ['--only', 'wrong-secret,not-json,slow-body,alive,refuses-*'];
    const { code, outcomes, notices } = await check(target, ...only, '--timeout', '1s');
    expect(code).toBe(1);
    expect(outcomes['wrong-secret']).toBe('passed');
    expect(outcomes['not-json']).toBe('failed');
    expect(outcomes['slow-body']).toBe('failed');
    expect(outcomes.alive).toBe('passed');
    expect(outcomes['refuses-with-4xx']).toBe('failed');
    // Whether answers were so slow that nothing is gained by waiting less is the machine's business.
    expect(notices.filter((each) => !each.startsWith('NO_ANSWERS'))).toEqual([]);
  });

  it('limits the rate now and then: is waited for, and passes', async () => {
    const target = await shop(({ number }, response) => {
      if (number % 30 !== 0) return undefined;
      response.setHeader('retry-after', '0');
      return 429;
    });
    const { code, notices, outcomes } = await check(target);
    expect([code, failures(outcomes)]).toEqual([0, []]);
    expect(notices.join('\n')).toMatch(/RATE_LIMITED: the receiver answered 429: we wait 250 ms/);
  });

  it('limits the rate for ever: tells what was learnt, exit 1', async () => {
    const { code, notices, outcomes, summary } = await check(
      await shop(({ number }) => (number > 60 ? 429 : undefined)),
    );
    expect([code, failures(outcomes)]).toEqual([1, []]);
    expect(notices.at(-1)).toMatch(/goes on limiting the rate \(429\); the rules that are left/);
    expect(summary.skipped_because).toMatchObject({
      'the receiver goes on limiting the rate (429)': expect.any(Number),
    });
  });

  it('dies in the middle: tells what was learnt, exit 3', async () => {
    const target = await shop(({ number }) => {
      if (number === 100) target.close();
      return undefined;
    });
    const { code, notices, found, outcomes, summary } = await check(target);
    expect(code).toBe(3);
    expect(found.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
    expect(outcomes).toMatchObject({ valid: 'passed', alive: 'skipped' });
    expect(notices.at(-1)).toMatch(/RECEIVER_GONE: the receiver is gone: it went at, or shortly after: /);
    expect(failures(outcomes)).toEqual([]);
    expect(summary.skipped_because).toMatchObject({ 'the receiver was gone': expect.any(Number) });
  });
});

it('one that goes is waited for as long as --wait says', { timeout: 60_000 }, async () => {
  await using receiver = await supervised('at-null', () => setTimeout(2500));
  const target = { port: Number(receiver.url.port) };
  const { code, outcomes } = await check(target, '--only', 'json-scalar,bom,alive', '--wait', '50s');
  expect([code, outcomes]).toEqual([1, { 'json-scalar': 'failed', bom: 'passed', alive: 'passed' }]);
});

describe('the end', () => {
  it('comes promptly with Ctrl-C, with what was learnt', async () => {
    const target = await shop(({ number }) => (number > 30 ? 'silent' : undefined));
    await using running = start(['check', 'roastify', ...to(target), '--json']);
    await running.says(/"rule":"valid"/);
    const { code, stdout, stderr } = await running.stop('SIGINT');
    expect([code, stderr]).toEqual([130, '']);
    const facts = linesOf(stdout);
    const found = facts.filter(({ kind }) => kind === 'check');
    expect(found.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
    const left = found.filter(({ reason }) => reason === 'interrupted').length;
    expect(left).toBeGreaterThan(0);
    expect(facts.at(-1)).toMatchObject({ failed: 0, skipped_because: { interrupted: left } });
    expect(stdout).not.toMatch(/receiver is gone/);
  });

  it.runIf(process.platform !== 'win32')('leaves nothing running of what shows the effects', async () => {
    using folder = makeFolder();
    const file = `${folder.path}/pid`;
    const command = `sleep 1000 & echo $! > '${file}'; wait`;
    await using running = start(['check', 'roastify', ...to(await shop()), '--effect-cmd', command]);
    await expect.poll(() => pidIn(file), patiently).toBeGreaterThan(0);
    const { code, stderr } = await running.stop('SIGINT');
    expect([code, stderr]).toEqual([130, expect.stringContaining('the check was interrupted')]);
    await expect.poll(() => isAlive(pidIn(file)), patiently).toBe(false);
  });

  it('comes with a reader that leaves', async () => {
    const { port } = await shop();
    const { code, stdout, stderr } = await bash(
      `hooks check roastify --to ${port} | head -n 2; exit "\${PIPESTATUS[0]}"`,
    );
    expect([code, stdout.split('\n').length, stderr]).toEqual([0, 3, '']);
  });

  it('is without colours where nobody wants them', async () => {
    const target = await shop();
    const words = ['check', 'roastify', ...to(target), '--only', 'valid'];
    expect((await hooks(words, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[');
    expect((await hooks(words, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\x1b[');
  });
});

it('secrets are never printed', async () => {
  const target = await receiver([{ status: 200, headers: { 'set-cookie': 'a=hunter2hunter2' } }]);
  const url = `http://me:hunter2hunter2@localhost:${target.port}/?token=hunter2hunter2`;
  const more = ['-H', 'Authorization: Bearer hunter2hunter2', '-H', 'X-Api-Key: hunter2hunter2'];
  const env = { HOOKS_ROASTIFY_SECRET: otherWhsec };
  for (const form of [[], ['--json']]) {
    const { stdout, stderr } = await hooks(['check', 'roastify', '--to', url, ...more, ...form], { env });
    expect(`${stdout}${stderr}`).not.toMatch(/hunter2hunter2/);
    expect(`${stdout}${stderr}`).not.toContain(otherWhsec.slice(6));
  }
  const shown = await hooks(
    ['check', 'roastify', '--to', url, ...more, '--only', 'stale', '--show-secrets'],
    { env },
  );
  expect(shown.stdout).toContain('Bearer hunter2hunter2');
});

it('secrets that a receiver knows, and says, are never printed', async () => {
  using folder = makeFolder();
  const key = Buffer.from(otherWhsec.slice(6), 'base64');
  const said = [
    otherWhsec,
    otherWhsec.slice(6),
    key.toString('hex'),
    'hunter2hunter2',
    'bXk6aHVudGVyMmh1bnRlcjI',
  ];
  const body = `expected key ${said.join(', ')}`;
  const { port } = await receiver([{ status: 200, headers: { 'x-debug': said[2]! }, body }]);
  const env = { HOOKS_ROASTIFY_SECRET: otherWhsec };
  const [xml, page] = [`${folder.path}/check.xml`, `${folder.path}/check.md`];
  const words = [
    'check',
    'roastify',
    '--to',
    `http://my:hunter2hunter2@localhost:${port}/`,
    '--only',
    'stale',
  ];
  const print = await hooks([...words, '--junit', xml, '--markdown', page], { env });
  const json = await hooks([...words, '--json'], { env });
  const texts = [print.stdout, json.stdout, readFileSync(xml, 'utf8'), readFileSync(page, 'utf8')];
  expect(print.stdout).toContain('expected key ••••');
  for (const text of texts) for (const secret of said) expect(text).not.toContain(secret);
  expect((await hooks([...words, '--show-secrets'], { env })).stdout).toContain(body);
});

it('-H wins over the credentials of --to, and that is said', async () => {
  const { port, requests } = await receiver();
  const target = ['--to', `http://me:hunter2hunter2@localhost:${port}/`];
  const { stderr } = await hooks([
    'check',
    'roastify',
    ...target,
    '-H',
    'authorization: Bearer x',
    '--only',
    'valid',
  ]);
  expect(stderr).toMatch(/-H authorization replaces the credentials of --to/);
  const sent = requests[0]!.headers.filter(([name]) => name.toLowerCase() === 'authorization');
  expect(sent).toEqual([['authorization', 'Bearer x']]);
});

it('--wait waits for the receiver and for what shows its effects', async () => {
  const [port, effects] = [await freePort(), await freePort()];
  const target = ['--to', String(port), '--effect-url', `${effects}/count`, '--effect-wait', '100ms'];
  const running = start(['check', 'roastify', ...target, '--only', 'refused-id-*', '--wait', '20s']);
  const { requests } = await receiver([{ status: 204 }], { port });
  await receiver([(response) => void response.end(String(requests.length))], { port: effects });
  expect(await running.result).toMatchObject({ code: 0 });
});

describe('completion', () => {
  const words = async (...line: string[]) => {
    const { stdout } = await hooks(['completion', 'fish', '--', 'check', ...line]);
    return stdout.split('\n').map((text) => text.split('\t')[0]);
  };

  it('knows the options, the providers, the events and the rules', async () => {
    expect(await words('--effect')).toEqual(['--effect-cmd', '--effect-url', '--effect-wait', '']);
    expect(await words('ro')).toEqual(['rose-rocket', 'roastify', 'rose-rocket-platform', '']);
    expect(await words('--explain', 'stale')).toEqual(['stale', 'stale-by-a-day', '']);
    expect(await words('--skip', 'valid,stale')).toEqual(['valid,stale', 'valid,stale-by-a-day', '']);
    expect(await words('--scheme', '')).toEqual(['assumed', '']);
    expect(await words('roastify', '--event', 'fulfillment.sh')).toEqual(['fulfillment.shipped', '']);
  });
});
