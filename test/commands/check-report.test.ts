import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/core/check/rules.ts';
import { type Folder, hooks, linesOf, makeFolder, start } from '../helpers/command.ts';
import { freePort } from '../helpers/net.ts';
import { receiver } from '../helpers/receiver.ts';
import { shop } from '../helpers/shop.ts';

const to = ({ port }: { readonly port: number }): string[] => ['check', 'roastify', '--to', String(port)];

/** The two files of a run, and what stands in them. */
function filesIn({ path }: Folder) {
  const [xml, page] = [`${path}/check.xml`, `${path}/check.md`];
  const text = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  return { words: ['--junit', xml, '--markdown', page], xml: () => text(xml), page: () => text(page) };
}

describe('a check that breaks off says so in every report', () => {
  const blind = ['--effect-cmd', 'echo 5', '--effect-wait', '50ms'];

  it('since no effect can be seen', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    folder.file('check.xml', 'what an earlier run found');
    const { code, stdout, stderr } = await hooks([...to(await shop()), ...blind, ...words]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: the effect cannot be judged: .*does not move it.*\nit must print what/),
    ]);
    expect(stdout).toMatch(new RegExp(`${rules.length} rules: 1 passed, ${rules.length - 1} skipped`));
    expect(xml()).toMatch(/<error message="the effect cannot be judged: .*type="EFFECT_UNSEEN">/);
    expect(xml()).not.toContain('an earlier run');
    expect(page()).toMatch(/^\*\*⚠️ the effect cannot be judged: /m);
  });

  it('as facts, with the summary at the end', async () => {
    const { code, stdout, stderr } = await hooks([...to(await shop()), ...blind, '--json']);
    const facts = linesOf(stdout);
    expect([code, stderr]).toEqual([2, '']);
    expect(facts.filter(({ kind }) => kind === 'notice')).toMatchObject([
      { level: 'error', code: 'EFFECT_UNSEEN', message: expect.stringMatching(/does not move it/) },
      { level: 'info', code: 'HINT' },
    ]);
    expect(facts.at(-1)).toMatchObject({ kind: 'summary', passed: 1, skipped: rules.length - 1 });
  });

  it('before anything was sent', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    const { visits, ...target } = await shop();
    expect((await hooks([...to(target), '--effect-cmd', 'exit 3', ...words])).code).toBe(2);
    expect(visits).toEqual([]);
    expect([xml(), page()]).toEqual([expect.stringMatching(/it ended with 3/), expect.stringMatching(/⚠️/)]);
  });

  it('since the receiver is gone', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    const target = await shop(({ number }) => {
      if (number === 100) target.close();
      return undefined;
    });
    expect((await hooks([...to(target), ...words])).code).toBe(3);
    expect(xml()).toMatch(/errors="1"[\s\S]*<error message="the receiver is gone: .*type="RECEIVER_GONE">/);
    expect(page()).toMatch(/^\*\*⚠️ the receiver is gone: /m);
  });

  it('since the receiver is broken', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    let broken = false;
    const target = await shop(({ genuine, body }) => {
      broken ||= genuine && `${body}` === 'null';
      return broken && genuine ? 500 : undefined;
    });
    const { code, stderr } = await hooks([...to(target), ...words]);
    const said = 'genuine deliveries are refused (answered 500) since json-scalar (null, unsigned), ';
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${said}`)]);
    expect(stderr).toMatch(/\nstart the receiver anew, and send less: --only json-scalar;/);
    expect(xml()).toContain(`<error message="${said}`);
    expect(xml()).toMatch(/errors="1"[\s\S]*type="RECEIVER_BROKEN">/);
    expect(page()).toContain('**⚠️ genuine deliveries are refused');
  });

  it('since nobody is there', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    const { code, stdout, stderr } = await hooks([...to({ port: await freePort() }), ...words]);
    expect(code).toBe(3);
    for (const text of [stderr, xml(), page()]) expect(text).toMatch(/nothing listens at localhost/);
    expect(stdout).toMatch(/ {2}remedy {4}start the receiver, or name its address in --to/);
    expect(`${stdout}${stderr}${xml()}`).not.toMatch(/delivery was refused|check the secret/);
  });

  it('and asks for no secret where nothing is signed', async () => {
    const { port } = await receiver([{ status: 401 }]);
    const { code, stdout, stderr } = await hooks(['check', 'rose-rocket-platform', '--to', String(port)]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/perhaps deliveries of .* carry no signature/)]);
    expect(`${stdout}${stderr}`).not.toMatch(/secret/);
  });

  it('since it was interrupted', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    const target = await shop(({ number }) => (number > 30 ? 'silent' : undefined));
    await using running = start([...to(target), ...words, '--json']);
    await running.says(/"rule":"valid"/);
    expect((await running.stop('SIGINT')).code).toBe(130);
    expect(xml()).toMatch(/<error message="the check was interrupted/);
    expect(page()).toMatch(/^\*\*⚠️ the check was interrupted/m);
  });

  it('since nothing was judged, or can be concluded', async () => {
    using folder = makeFolder();
    const { words, xml } = filesIn(folder);
    await hooks([...to(await receiver()), '--only', 'refuses-with-4xx', ...words]);
    expect(xml()).toMatch(/<error message="nothing was judged/);
    // The genuine delivery that the forged one is held against comes second.
    const target = await shop(({ number }) => (number === 2 ? 500 : undefined));
    const { code, stderr } = await hooks([...to(target), '--only', 'valid,stale', ...words]);
    const told = 'a rule that must hold could not be told, so this is no success: stale: ';
    expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^error: ${told}`))]);
    expect(xml()).toContain(`<error message="${told}`);
  });

  it('and says nothing of that where it came to its end', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    const { code, stderr } = await hooks([...to(await shop()), '--only', 'stale,valid', ...words]);
    expect([code, stderr]).toEqual([0, '']);
    expect(xml()).not.toMatch(/<error|errors="[^0]/);
    expect(page()).not.toContain('⚠️');
  });
});

describe('files', () => {
  it('are left alone by what is refused before anything is sent', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    folder.file('check.xml', 'what an earlier run found');
    const wrong = ['--junit', words[1]!, '--markdown', `${folder.path}/no/where.md`];
    expect((await hooks([...to({ port: 1 }), ...wrong])).code).toBe(2);
    expect((await hooks([...to({ port: 1 }), '--only', 'stael', ...words])).code).toBe(2);
    expect([xml(), page()]).toEqual(['what an earlier run found', undefined]);
  });

  it.skipIf(!existsSync('/dev/full'))('are written although another cannot be', async () => {
    using folder = makeFolder();
    const { words, page } = filesIn(folder);
    const files = ['--junit', '/dev/full', ...words.slice(2)];
    expect((await hooks([...to(await shop()), '--only', 'valid', ...files])).code).toBe(2);
    expect(page()).toMatch(/1 rule: 1 passed/);
  });

  it.each([
    ['--junit', /^<\?xml[\s\S]*<testcase name="valid: [\s\S]*<\/testsuites>\n$/],
    ['--markdown', /^## hooks check roastify\n[\s\S]*1 rule: 1 passed[\s\S]*<\/details>\n$/],
  ])('are stdout for -, in place of the table: %s', async (option, form) => {
    using folder = makeFolder();
    const words = [...to(await shop()), '--only', 'valid', option, '-'];
    const { code, stdout, stderr } = await hooks(words, { cwd: folder.path });
    expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(form), '']);
    expect(stdout).not.toContain('✓ valid');
    expect(existsSync(`${folder.path}/-`)).toBe(false);
  });

  it('beside stdout are written too, and notices stay on stderr', async () => {
    using folder = makeFolder();
    const { words, page } = filesIn(folder);
    const { stdout, stderr } = await hooks([...to(await receiver()), '--junit', '-', ...words.slice(2)]);
    expect(stdout).toMatch(/^<\?xml[\s\S]*<\/testsuites>\n$/);
    expect(stderr).toBe('');
    expect(page()).toMatch(/^- \*\*everything is accepted/m);
  });

  it.each([
    [['--junit', '-', '--json'], /--junit - cannot apply/],
    [['--markdown', '-', '--json'], /--markdown - cannot apply/],
    [['--junit', '-', '--markdown', '-'], /would both write to stdout/],
  ])('are refused where stdout is taken: %j', async (words, said) => {
    const { code, stdout, stderr } = await hooks([...to({ port: 1 }), ...words]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(said)]);
  });
});

describe('what failures prove together', () => {
  it('stands above them, as a fact and in the files', async () => {
    using folder = makeFolder();
    const { words, xml, page } = filesIn(folder);
    const { port } = await receiver();
    const { stdout } = await hooks([...to({ port }), '--only', '*-signature,wrong-*', ...words]);
    const first = 'everything is accepted, also without a signature: it does not check signatures';
    expect(stdout.indexOf(first)).toBeGreaterThan(0);
    expect(stdout.indexOf(first)).toBeLessThan(stdout.indexOf('✗ no-signature (MUST)'));
    expect(stdout.match(/everything is accepted/g)).toHaveLength(1);
    for (const text of [xml(), page()]) expect(text).toContain('everything is accepted, also without a');
    const facts = linesOf((await hooks([...to({ port }), '--json'])).stdout);
    expect(facts.filter(({ code }) => code === 'DIAGNOSIS')).toMatchObject([
      {
        kind: 'notice',
        level: 'info',
        message: expect.stringContaining(first),
        rules: expect.arrayContaining(['stale']),
      },
    ]);
  });
});
