import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hooks, linesOf, makeFolder, startListening } from './helpers/command.ts';

const page = readFileSync(new URL('../docs/providers.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```(json|js)\n(.*?)```/gs)].map(([, kind, text]) => ({
  kind,
  text: text!,
}));
const [declaration, naming] = blocks.filter(({ kind }) => kind === 'json').map(({ text }) => text) as [
  string,
  string,
];
const configuration = blocks.filter(({ kind }) => kind === 'json').at(-1)!.text;
const code = blocks.find(({ kind }) => kind === 'js')!.text;

function project() {
  const folder = makeFolder();
  folder.file('acme.provider.json', declaration);
  folder.file('hooks.config.json', naming);
  return folder;
}

/** A receiver as the page of Acme would have it. */
async function acmeReceiver() {
  const secret = 'example-secret-for-acme';
  const isSigned = (value: string, body: Buffer): boolean => {
    const parts = value.split(',').map((part) => part.split('=') as [string, string]);
    const time = parts.find(([key]) => key === 't')?.[1];
    const digests = parts.filter(([key]) => key === 'v1').map(([, digest]) => digest);
    if (!/^\d+$/.test(time ?? '') || !(Math.abs(Date.now() / 1000 - Number(time)) <= 300)) return false;
    const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
    return digests.some(
      (digest) => digest?.length === 64 && timingSafeEqual(Buffer.from(digest), Buffer.from(expected)),
    );
  };
  const server = createServer(async (request, response) => {
    try {
      const body = Buffer.concat(await request.toArray());
      if (request.method !== 'POST') return response.writeHead(405).end();
      if (!isSigned(String(request.headers['acme-signature'] ?? ''), body))
        return response.writeHead(401).end();
      JSON.parse(body.toString());
      response.writeHead(204).end();
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => void server.close().closeAllConnections(),
  };
}

describe('docs/providers.md', () => {
  it('shows a whole provider in less than 40 lines', () => {
    expect(declaration.trim().split('\n').length).toBeLessThan(40);
  });

  it('its provider is sent, and judged valid by a listener', async () => {
    using folder = project();
    const options = { cwd: folder.path };
    await using listener = await startListening([], options);
    const sent = await hooks(['send', 'acme', '--all', '--to', String(listener.port), '--json'], options);
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    const [received] = await listener.facts('received', 1);
    expect(received?.verdict).toMatchObject({ valid: true, provider: 'acme', signed: true, problems: [] });
  });

  it('its provider keeps the contract of the built-in ones', async () => {
    using folder = project();
    const run = await hooks(['provider', 'test', 'acme', '--json'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(linesOf(run.stdout).at(-1)).toMatchObject({ kind: 'summary', failed: 0 });
  });

  it('a receiver of it is checked', async () => {
    using folder = project();
    using receiver = await acmeReceiver();
    const words = ['check', 'acme', '--to', String(receiver.port), '--json'];
    const run = await hooks(words, { cwd: folder.path });
    const failed = linesOf(run.stdout).filter(
      ({ kind, outcome, level }) => kind === 'check' && outcome === 'failed' && level === 'MUST',
    );
    expect(failed.map(({ rule, reason }) => [rule, reason])).toEqual([]);
    expect(run.code).toBe(0);
    expect(linesOf(run.stdout).filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(20);
  });

  it('its provider in code works as it stands', async () => {
    using folder = makeFolder();
    folder.file('acme.provider.mjs', code);
    folder.file('hooks.config.json', '{ "providers": ["acme.provider.mjs"] }');
    const run = await hooks(['provider', 'test', 'acme-code'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([0, '']);
  });

  it('its configuration is read as it stands', async () => {
    using folder = project();
    folder.file('hooks.config.json', configuration);
    for (const name of ['new', 'old'])
      folder.file(`${name}.secret`, `whsec_${Buffer.alloc(24, name).toString('base64')}\n`);
    const run = await hooks(['config'], { cwd: folder.path, env: { ACME_SECRET: 'the-secret-of-acme' } });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/^secrets.acme +••••acme +file hooks.config.json$/m);
    expect(run.stdout).toMatch(/^schemes.shoprocket +Svix: .* \(observed\) +file/m);
    expect(run.stdout).toMatch(/^policies.shoprocket.timeoutMs +5000 +file/m);
  });
});

it('shows a provider that sends forms, which is sent and judged', async () => {
  using folder = makeFolder();
  folder.file('phone.provider.json', blocks.find(({ text }) => text.includes('"format": "form"'))!.text);
  folder.file('hooks.config.json', '{ "providers": ["./phone.provider.json"] }');
  const options = { cwd: folder.path };
  expect(await hooks(['provider', 'test', 'phone'], options)).toMatchObject({ code: 0 });
  await using listening = await startListening(['--record', 'came.jsonl'], options);
  const send = ['send', 'phone', 'received', '--to', listening.url];
  const sent = await hooks([...send, '--set', 'Body=1 + 1 = 2', '--json'], options);
  const attempt = linesOf(sent.stdout).find(({ kind }) => kind === 'attempt');
  expect([sent.code, attempt?.delivery.body]).toEqual([0, expect.stringContaining('Body=1+%2B+1+%3D+2')]);
  const [fact] = await listening.facts('received', 1);
  expect(fact?.verdict).toMatchObject({ valid: true, signed: true, provider: 'phone', event: 'received' });
  const again = ['replay', 'came.jsonl', '--to', listening.url, '--set', 'Body=other', '--json'];
  expect(await hooks(again, options)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Body=other'),
  });
  const checked = await hooks(['check', 'phone', '--to', listening.url], options);
  expect([checked.code, checked.stderr]).toEqual([2, expect.stringContaining('are forms')]);
});

it('the scheme in code signs and verifies', async () => {
  using folder = makeFolder();
  folder.file('scheme.mjs', blocks.filter(({ kind }) => kind === 'js').at(-1)!.text);
  folder.file(
    'hooks.config.mjs',
    `import { scheme } from './scheme.mjs';
    const events = { 'a.b': { samples: [{ id: 'evt_1a2b3c' }] } };
    export default { providers: [{ name: 'acme', eventAt: 'type', scheme, events }] };`,
  );
  const options = { cwd: folder.path };
  const run = await hooks(['provider', 'test', 'acme'], options);
  expect([run.code, run.stdout]).toEqual([
    0,
    expect.stringMatching(/^acme: 7 clauses kept, 0 broken, 1 not tried$/m),
  ]);
  await using listening = await startListening([], options);
  const sent = await hooks(['send', 'acme', 'a.b', '--to', listening.url], options);
  expect([sent.code, sent.stderr]).toEqual([0, 'the signing scheme of acme is assumed: signed by code\n']);
  const [came] = await listening.facts('received', 1);
  expect(came).toMatchObject({ verdict: { valid: true, signed: true } });
});
