import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { mistakeCodes, problemCodes } from '../src/core/codes.ts';
import type { Fact } from '../src/core/facts.ts';
import { hooks, linesOf, startListening } from './helpers/command.ts';
import { examples } from './helpers/oracle.ts';
import { shop } from './helpers/shop.ts';
import { serveSockets } from './helpers/wire.ts';

interface Coded {
  readonly code: { readonly enum: readonly string[] };
}

interface FactsSchema {
  readonly oneOf: readonly { readonly $ref: string }[];
  readonly $defs: {
    readonly body: object;
    readonly problem: { readonly properties: Coded & { readonly likely: { readonly properties: Coded } } };
  };
}

const text = readFileSync(new URL('../docs/facts.schema.json', import.meta.url), 'utf8');
const schema = JSON.parse(text) as FactsSchema;

/** The schema with every object closed: a key that it does not know is then a fault. `body` is part of others. */
function closed(value: unknown, key = ''): unknown {
  if (value === null || typeof value !== 'object' || key === 'body') return value;
  if (Array.isArray(value)) return value.map((item) => closed(item));
  const inner = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, closed(item, name)]));
  return inner.type === 'object' && 'properties' in inner
    ? { ...inner, unevaluatedProperties: false }
    : inner;
}

function makeCheck(root: object) {
  const ajv = new Ajv2020({ allErrors: true });
  formatsPlugin.default(ajv);
  return ajv.compile(root);
}

const check = makeCheck(schema);
const checkClosed = makeCheck(closed(schema) as object);

/** The kinds of the facts, each of which is held against the schema. */
function kindsOf({ stdout }: { readonly stdout: string }): string[] {
  const facts = linesOf(stdout);
  for (const fact of facts) {
    expect([fact, check(fact), check.errors]).toEqual([fact, true, null]);
    expect([fact, checkClosed(fact), checkClosed.errors]).toEqual([fact, true, null]);
  }
  return [...new Set(facts.map(({ kind }) => kind))];
}

describe('the schema of facts', () => {
  it('knows the codes that the code knows', () => {
    const { code, likely } = schema.$defs.problem.properties;
    expect(code.enum).toEqual(problemCodes);
    expect(likely.properties.code.enum).toEqual(mistakeCodes);
  });

  it('knows the kinds that the code knows', () => {
    const kinds: Record<Fact['kind'], true> = {
      ready: true,
      attempt: true,
      delivery: true,
      received: true,
      event: true,
      rule: true,
      check: true,
      setting: true,
      contract: true,
      notice: true,
      summary: true,
    };
    expect(schema.oneOf.map(({ $ref }) => $ref.split('/').at(-1))).toEqual(Object.keys(kinds));
  });

  it('lets keys of later versions pass, and no other kind', () => {
    const fact = { kind: 'ready', at: '2026-11-21T10:00:00.000Z', url: 'http://localhost:4665/', pid: 1 };
    expect([check({ ...fact, later: 1 }), checkClosed({ ...fact, later: 1 })]).toEqual([true, false]);
    expect(check({ ...fact, kind: 'other' })).toBe(false);
    expect(check({ ...fact, at: 'noon' })).toBe(false);
  });
});

describe('what is printed with --json', () => {
  it('by send and listen', async () => {
    await using listener = await startListening();
    const to = ['--to', String(listener.port), '--json'];
    const all = await hooks(['send', 'roastify', '--all', ...to]);
    expect([all.code, kindsOf(all)]).toEqual([0, ['attempt', 'summary']]);
    const runs = [
      await hooks(['send', 'shoprocket', 'order.created', '--unsigned', '--invalid', ...to]),
      await hooks(['send', 'roastify', '--body', '-', ...to], { stdin: Buffer.from([0xff, 0xfe]) }),
      await hooks(['send', 'rose-rocket', '--body', '-', '-H', 'X-Rose-Rocket-Signature: a', ...to], {
        stdin: '{}',
      }),
    ];
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 1]);
    for (const run of runs) expect(kindsOf(run)).toContain('attempt');
    await rewritten(listener.port);
    const heard = await listener.stop('SIGINT');
    // Windows has no SIGINT for another process: the listener ends without its summary.
    const last = process.platform === 'win32' ? [] : ['summary'];
    expect(kindsOf(heard)).toEqual(['ready', 'received', ...last]);
    expect(heard.stdout).toContain('"body_base64"');
    expect(heard.stdout).toContain('"likely":{"code":"BODY_COMPACT"');
    const judged = await hooks(['verify', '-', '--json'], { stdin: heard.stdout });
    expect([judged.code, kindsOf(judged)]).toEqual([1, ['received']]);
  });

  it('by check', async () => {
    const right = await hooks(['check', 'roastify', '--to', String((await shop()).port), '--json']);
    expect([right.code, kindsOf(right)]).toEqual([0, ['check', 'summary']]);
    const wrong = await shop(() => 200);
    const words = ['--json', '--secret', examples.roastify, '--to', String(wrong.port)];
    const run = await hooks(['check', 'roastify', ...words]);
    expect([run.code, kindsOf(run)]).toEqual([1, ['notice', 'check', 'summary']]);
    expect(run.stdout).toContain('"body_base64"');
    expect(kindsOf(await hooks(['check', '--list', '--json']))).toEqual(['rule']);
    const refused = await shop(() => 401);
    const baseline = await hooks(['check', 'shoprocket', '--json', '--to', String(refused.port)]);
    expect([baseline.code, kindsOf(baseline)]).toEqual([1, ['notice', 'check', 'summary']]);
  });

  it('by send, where nobody answers, or at great length', async () => {
    const refused = await hooks(['send', 'roastify', 'fulfillment.created', '--to', '1', '--json']);
    expect([refused.code, kindsOf(refused)]).toEqual([3, ['attempt', 'notice']]);
    const server = createServer((_request, response) => response.end(Buffer.alloc(2 * 1024 * 1024, 'a')));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const to = String((server.address() as AddressInfo).port);
    const long = await hooks(['send', 'roastify', 'fulfillment.created', '--to', to, '--json']);
    server.close();
    expect([long.code, kindsOf(long)]).toEqual([0, ['attempt']]);
    expect(long.stdout).toContain('"truncated":true');
  });

  it('by send and listen, where an answer has an odd status', async () => {
    await using odd = await serveSockets((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n')),
    );
    await using listener = await startListening(['--forward-to', String(odd.port)]);
    const words = ['send', 'roastify', 'fulfillment.created', '--json', '--to', String(listener.port)];
    const sent = await hooks(words);
    const [fact] = await listener.facts('received', 1);
    expect([fact?.replied.status, sent.code, kindsOf(sent)]).toEqual([999, 1, ['attempt']]);
    expect(kindsOf({ stdout: JSON.stringify(fact) })).toEqual(['received']);
  });

  it('by send --dry-run', async () => {
    const words = ['send', 'shoprocket', 'order.*', '--dry-run', '--json'];
    expect(kindsOf(await hooks(words))).toEqual(['notice', 'delivery']);
  });

  it('by listen with a command', async () => {
    const fails = ['--', process.execPath, '-e', 'process.exit(1)'];
    const run = await hooks(['listen', '--port', '0', '--json', '--expect', 'order.created', ...fails]);
    expect([run.code, kindsOf(run)]).toEqual([1, ['ready', 'summary', 'notice']]);
  });

  it('by replay', async () => {
    await using listener = await startListening();
    const { stdout } = await hooks(['send', 'roastify', '--all', '--dry-run', '--json']);
    const words = ['replay', '-', '--json', '--to', String(listener.port), '--shuffle'];
    const run = await hooks([...words, '--set', 'trackingNumber=mine'], { stdin: stdout });
    expect([run.code, kindsOf(run)]).toEqual([1, expect.arrayContaining(['attempt', 'notice', 'summary'])]);
    expect(run.stdout).toContain('"skipped":');
  });

  it('by events, with and without a sample or a schema', async () => {
    expect(kindsOf(await hooks(['events', '--json']))).toEqual(['event']);
    const one = ['events', 'roastify', 'fulfillment.shipped', '--json'];
    expect(kindsOf(await hooks(one))).toEqual(['event']);
    expect(kindsOf(await hooks([...one, '--schema']))).toEqual(['event']);
  });

  it('by config and provider test', async () => {
    expect(kindsOf(await hooks(['config', '--json']))).toEqual(['setting']);
    expect(kindsOf(await hooks(['provider', 'test', 'roastify', '--json']))).toEqual(['contract', 'summary']);
  });

  it('by demo', async () => {
    const run = await hooks(['demo', '--json']);
    expect([run.code, kindsOf(run)]).toEqual([0, ['received', 'summary']]);
  });
});

/** A delivery whose body was parsed and written again on its way. */
async function rewritten(port: number): Promise<void> {
  const dry = await hooks(['send', 'shoprocket', 'order.created', '--dry-run', '--format', 'json']);
  const { delivery } = JSON.parse(dry.stdout) as { delivery: { headers: [string, string][]; body: string } };
  const body = JSON.stringify(JSON.parse(delivery.body), null, 2);
  await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: delivery.headers, body });
}
