import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testProvider } from '../../src/commands/provider-test.ts';
import { hooks, linesOf, makeFolder, start, startListening } from '../helpers/command.ts';
import { testContext } from '../helpers/context.ts';

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

describe('hooks provider init', () => {
  it.each([
    ['json', []],
    ['mjs', ['--code']],
  ])('writes a starter (%s) that keeps the contract, names it, and can be sent', async (ending, flags) => {
    using folder = makeFolder();
    const cwd = folder.path;
    const run = await hooks(['provider', 'init', 'acme', ...flags], { cwd });
    expect([run.code, run.stdout]).toEqual([0, '']);
    expect(JSON.parse(read(cwd, 'hooks.config.json'))).toMatchObject({
      providers: [`./acme.provider.${ending}`],
    });
    expect(await hooks(['provider', 'test', 'acme'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    await using listener = await startListening(['--provider', 'acme'], { cwd });
    const sent = await hooks(['send', 'acme', 'thing.created', '--to', String(listener.port)], { cwd });
    expect(sent.code).toBe(0);
  });

  it('names the schemas of the package where the project has it, and none elsewhere', async () => {
    using folder = makeFolder();
    const cwd = folder.path;
    await hooks(['provider', 'init', 'one'], { cwd });
    const schemaOf = (name: string) => JSON.parse(read(cwd, name)).$schema;
    expect([schemaOf('one.provider.json'), schemaOf('hooks.config.json')]).toEqual([undefined, undefined]);
    mkdirSync(join(cwd, 'node_modules/hooks-cli/dist'), { recursive: true });
    folder.file('node_modules/hooks-cli/dist/provider.schema.json', '{}');
    await hooks(['provider', 'init', 'two'], { cwd });
    expect(schemaOf('two.provider.json')).toBe('./node_modules/hooks-cli/dist/provider.schema.json');
  });

  it('never writes over a file, and writes nothing beside a broken configuration', async () => {
    using folder = makeFolder();
    const cwd = folder.path;
    folder.file('acme.provider.json', 'mine');
    const there = await hooks(['provider', 'init', 'acme'], { cwd });
    expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('is there already')]);
    expect([read(cwd, 'acme.provider.json'), existsSync(join(cwd, 'hooks.config.json'))]).toEqual([
      'mine',
      false,
    ]);
    folder.file('hooks.config.json', '{');
    const broken = await hooks(['provider', 'init', 'other'], { cwd });
    expect([broken.code, existsSync(join(cwd, 'other.provider.json'))]).toEqual([2, false]);
  });

  it('says what to write into a configuration that is code', async () => {
    using folder = makeFolder();
    folder.file('hooks.config.mjs', 'export default { port: 1 }');
    const run = await hooks(['provider', 'init', 'acme'], { cwd: folder.path });
    expect(run.stderr).toContain("name it in hooks.config.mjs: providers: ['./acme.provider.json']");
    expect(read(folder.path, 'hooks.config.mjs')).toBe('export default { port: 1 }');
  });

  it.each([
    ['Acme', 'is no name of a provider'],
    ['../x', 'is no name of a provider'],
    ['roastify', 'comes with hooks'],
  ])('refuses the name %s', async (name, words) => {
    using folder = makeFolder();
    const run = await hooks(['provider', 'init', name], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

const api = `# pets
openapi: 3.1.0
info: { title: Pet Store }
webhooks:
  newPet:
    post:
      summary: New pet
      description: A pet was born. And more.
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/PetCreated' } } } }
  sold: { $ref: '#/components/pathItems/sold' }
components:
  pathItems:
    sold: { post: { requestBody: { $ref: '#/components/requestBodies/Sold' } } }
  requestBodies:
    Sold:
      content:
        application/json:
          schema:
            type: object
            required: [event, pet]
            properties: { event: { const: pet.sold }, pet: { $ref: '#/components/schemas/Pet' } }
          examples: { one: { value: { event: pet.sold, pet: { id: 12, name: Rex } } } }
  schemas:
    PetCreated:
      { type: object, required: [event, pet], properties: { event: { enum: [pet.created] }, pet: { $ref: '#/components/schemas/Pet' } } }
    Pet:
      type: object
      required: [id, name]
      properties: { id: { type: integer, format: int64 }, name: { type: string }, parent: { $ref: '#/components/schemas/Pet' } }
    Unused: { type: string }
`;

describe('hooks provider import', () => {
  it('makes a provider of the webhooks of an OpenAPI document, with what they refer to', async () => {
    using folder = makeFolder();
    const cwd = folder.path;
    folder.file('api.yaml', api);
    const run = await hooks(['provider', 'import', 'api.yaml'], { cwd });
    expect([run.code, run.stdout]).toEqual([0, '']);
    const data = JSON.parse(read(cwd, 'pet-store.provider.json'));
    expect([data.eventAt, Object.keys(data.events), Object.keys(data.$defs).sort()]).toEqual([
      'event',
      ['pet.created', 'pet.sold'],
      ['Pet', 'PetCreated'],
    ]);
    expect(data.events['pet.created']).toMatchObject({ title: 'New pet', summary: 'A pet was born.' });
    expect(data.events['pet.sold'].samples).toEqual([{ event: 'pet.sold', pet: { id: 12, name: 'Rex' } }]);
    expect(await hooks(['provider', 'test', 'pet-store'], { cwd })).toMatchObject({ code: 0 });
  });

  it('takes along what a property refers to, whatever it is called, and nothing of an example', async () => {
    using folder = makeFolder();
    const schema = {
      type: 'object',
      properties: { type: { const: 'a.b' }, default: { $ref: '#/components/schemas/Used' } },
      example: { $ref: '#/components/schemas/Shown' },
    };
    const content = { 'application/json': { schema } };
    const webhooks = { 'a.b': { post: { requestBody: { content } } } };
    const schemas = { Used: { type: 'string' }, Shown: { type: 'string' } };
    folder.file('api.json', JSON.stringify({ openapi: '3.1.0', webhooks, components: { schemas } }));
    const run = await hooks(['provider', 'import', 'api.json', '--name', 'acme'], { cwd: folder.path });
    expect(run.code).toBe(0);
    expect(JSON.parse(read(folder.path, 'acme.provider.json')).$defs).toEqual({ Used: { type: 'string' } });
  });

  it.each([
    ['none.yaml', 'openapi: 3.0.3\ninfo: { title: x }\npaths: {}\n', 'has no webhooks with a JSON body'],
    ['none.json', '{"openapi":"3.1.0","webhooks":{}}', 'has no webhooks with a JSON body'],
    ['bad.yaml', 'openapi: [3.1.0\n', 'is not YAML'],
    ['other.yaml', 'a: 1\n', 'is no OpenAPI 3.1 document'],
    ['swagger.json', '{"swagger":"2.0"}', 'is no OpenAPI 3.1 document'],
    [
      'far.yaml',
      "openapi: 3.1.0\nwebhooks: { a: { $ref: 'other.yaml#/a' } }\n",
      'points to another document',
    ],
    [
      'nowhere.yaml',
      api.replace('event: { const: pet.sold }', "event: { $ref: '#/components/schemas/Name' }"),
      'nowhere.yaml: webhooks.sold: "$ref": "#/components/schemas/Name" points to nothing',
    ],
    ['empty.json', '{}', 'holds no delivery'],
    ['words.txt', 'hello', 'holds no delivery'],
  ])('%s is refused', async (name, content, words) => {
    using folder = makeFolder();
    folder.file(name, content);
    const run = await hooks(['provider', 'import', name, '--name', 'acme'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(existsSync(join(folder.path, 'acme.provider.json'))).toBe(false);
  });

  it.each([
    ['what it calls itself', 'notification', { newPet: 'newPet', 'pet:sold': 'pet:sold' }],
    ['the same in another way of writing', 'notification', { newPet: 'new.pet', petSold: 'pet.sold' }],
    ['something else', 'type', { newPet: 'one', petSold: 'two' }],
  ])('finds the field that is pinned to %s', async (_, eventAt, webhooks) => {
    using folder = makeFolder();
    const content = (name: string) => ({
      'application/json': { schema: { type: 'object', properties: { notification: { const: name } } } },
    });
    const hooked = Object.entries(webhooks).map(([key, name]) => [
      key,
      { post: { requestBody: { content: content(name) } } },
    ]);
    const text = JSON.stringify({ openapi: '3.1.0', webhooks: Object.fromEntries(hooked) });
    folder.file('api.json', text);
    const run = await hooks(['provider', 'import', 'api.json', '--name', 'acme'], { cwd: folder.path });
    expect(run.code).toBe(0);
    const data = JSON.parse(read(folder.path, 'acme.provider.json'));
    const names = eventAt === 'type' ? Object.keys(webhooks) : Object.values(webhooks);
    expect([data.eventAt.path ?? data.eventAt, Object.keys(data.events)]).toEqual([eventAt, names]);
  });

  const imported = async (webhooks: object, components: object = {}) => {
    using folder = makeFolder();
    folder.file('api.json', JSON.stringify({ openapi: '3.1.0', webhooks, components }));
    const { code, stderr } = await hooks(['provider', 'import', 'api.json', '--name', 'acme'], {
      cwd: folder.path,
    });
    const data = code === 0 ? JSON.parse(read(folder.path, 'acme.provider.json')) : undefined;
    const tested = await hooks(['provider', 'test', 'acme', '--json'], { cwd: folder.path });
    return { code, stderr, data, broken: linesOf(tested.stdout).filter(({ passed }) => passed === false) };
  };
  const posted = (schema: object, type = 'application/json') => ({
    post: { requestBody: { content: { [type]: { schema } } } },
  });
  const text = { type: 'string' };
  const any = (event: object) => ({ type: 'object', properties: { event }, required: ['event'] });

  it('finds the field that a schema beside that of all pins, however deep', async () => {
    const Base = any(text);
    const Pinned = { allOf: [{ allOf: [{ $ref: '#/components/schemas/Base' }, any({ const: 'a.gone' })] }] };
    const { data, stderr, broken } = await imported(
      {
        made: posted({ allOf: [{ $ref: '#/components/schemas/Base' }, any({ const: 'a.made' })] }),
        gone: posted({ $ref: '#/components/schemas/Pinned' }),
      },
      { schemas: { Base, Pinned } },
    );
    expect([data.eventAt, Object.keys(data.events), broken]).toEqual(['event', ['a.made', 'a.gone'], []]);
    expect(stderr).not.toContain('assumed');
  });

  it('refuses a schema that stands beside itself', async () => {
    const Loop = { ...any(text), allOf: [{ $ref: '#/components/schemas/Loop' }] };
    const { code, stderr } = await imported(
      { a: posted({ $ref: '#/components/schemas/Loop' }) },
      { schemas: { Loop } },
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('never comes to an end')]);
  });

  it('says that the place of the name is assumed, and takes a likely one', async () => {
    const { data, stderr } = await imported({ 'a.b': posted(any(text)), 'a.c': posted(any(text)) });
    expect(data.eventAt).toMatchObject({ path: 'event', basis: 'assumed' });
    expect(stderr).toMatch(/^eventAt is assumed: .* so "event" will hold it$/m);
  });

  it('says which webhooks were left out, and why', async () => {
    const { data, stderr } = await imported({
      'a.b': posted(any({ const: 'a.b' })),
      got: { get: {} },
      bare: { post: {} },
      xml: posted({}, 'application/xml'),
      empty: { post: { requestBody: { content: { 'application/json': {} } } } },
      form: posted({ type: 'object' }, 'application/x-www-form-urlencoded'),
      '\u001b[2J': { get: {} },
    });
    expect(Object.keys(data.events)).toEqual(['a.b']);
    expect(stderr.split('\n').filter((line) => line.includes('left out'))).toEqual([
      'got was left out: it is not POSTed',
      'bare was left out: nothing is said of a body',
      'xml was left out: its body is application/xml',
      'empty was left out: its body has neither a schema nor an example',
      '\\x1b[2J was left out: it is not POSTed',
      'form was left out: its body is a form, and those of others are JSON',
    ]);
  });

  it('leaves out a webhook whose event is called as another one is', async () => {
    const { data, stderr } = await imported({ 'a,b': posted(any(text)), 'a*b': posted(any(text)) });
    expect(Object.keys(data.events)).toEqual(['a-b']);
    expect(stderr).toContain('a*b was left out: another one is called "a-b" already');
  });

  it('says why none could be taken', async () => {
    const { code, stderr } = await imported({ got: { get: {} } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('or a form: got (it is not POSTed)')]);
  });

  it('makes forms of webhooks that are all forms, with texts for what is none', async () => {
    const properties = {
      event: { const: 'a.b' },
      n: { type: 'integer' },
      x: { type: 'number' },
      ok: { type: 'boolean' },
    };
    const schema = { type: 'object', properties, required: Object.keys(properties) };
    const { data, broken } = await imported({ 'a.b': posted(schema, 'application/x-www-form-urlencoded') });
    expect([data.format, data.eventAt, broken]).toEqual(['form', 'event', []]);
  });

  it('takes a document of 10 MB', async () => {
    using folder = makeFolder();
    const schemas = Array.from(
      { length: 20_000 },
      (_, index) => `    S${index}:\n      type: object\n      description: ${'x'.repeat(480)}\n`,
    );
    folder.file('big.yaml', api.replace('    Unused: { type: string }\n', schemas.join('')));
    const run = await hooks(['provider', 'import', 'big.yaml', '--name', 'big'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('2 events')]);
  });

  it('makes a provider of a recording, marked observed, which a listener then takes', async () => {
    using folder = makeFolder();
    const cwd = folder.path;
    const bodies = [
      { event: 'door.opened', id: 'evt_1a2b3c', at: '2026-01-01T00:00:00Z', by: 'ada', floor: 1 },
      { event: 'door.opened', id: 'evt_4d5e6f', at: '2026-01-02T00:00:00Z', floor: 1.5 },
      { event: 'door.closed', id: 'evt_7a8b9c', at: '2026-01-03T00:00:00Z', floor: null },
    ];
    await using listener = await startListening(['--record', 'door.jsonl'], { cwd });
    for (const body of bodies)
      await fetch(listener.url, {
        method: 'POST',
        headers: { 'x-door-signature': 'abc' },
        body: JSON.stringify(body),
      });
    await listener.facts('received', 3);
    await listener.stop('SIGINT');
    const run = await hooks(['provider', 'import', 'door.jsonl', '--name', 'door'], { cwd });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain("the event's name is at event, in all of 3");
    expect(run.stderr).toContain('hooks infer door.jsonl --provider door --secret-file secret.txt --write');
    const { events, ...rest } = JSON.parse(read(cwd, 'door.provider.json'));
    expect(rest).toMatchObject({ basis: 'observed', eventAt: 'event', identity: ['id'] });
    const { required, properties } = events['door.opened'].schema;
    expect(required).toEqual(['event', 'id', 'at', 'floor']);
    expect([properties.floor.type, properties.at.format, properties.by.type]).toEqual([
      'number',
      'date-time',
      'string',
    ]);
    expect(await hooks(['provider', 'test', 'door'], { cwd })).toMatchObject({ code: 0 });
    const judged = await hooks(['verify', 'door.jsonl', '--json'], { cwd });
    expect(linesOf(judged.stdout).map(({ verdict }) => verdict.provider)).toEqual(['door', 'door', 'door']);
  });

  it('writes the digits that came', async () => {
    using folder = makeFolder();
    const cwd = folder.path;
    const body = '{"type":"a.b","big":12345678901234567890,"small":0.1,"list":[1.10,{"n":1e400}]}';
    folder.file('one.http', `POST / HTTP/1.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const run = await hooks(['provider', 'import', 'one.http', '--name', 'acme'], { cwd });
    expect(run.code).toBe(0);
    const text = read(cwd, 'acme.provider.json');
    const compact = text.replace(/\s/g, '');
    expect(compact).toContain(`"samples":[${body}]`);
    expect(compact).toContain('"big":{"type":"integer"}');
    const sent = await hooks(['send', 'acme', 'a.b', '--dry-run', '--json'], { cwd });
    expect(linesOf(sent.stdout).find(({ kind }) => kind === 'delivery')?.delivery.body).toBe(body);
    expect(await hooks(['provider', 'test', 'acme'], { cwd })).toMatchObject({ code: 0 });
    const shown = await hooks(['events', 'acme', 'a.b'], { cwd });
    expect(shown.stdout.replace(/\s/g, '')).toBe(body);
  });

  it('names itself in a configuration whose numbers keep their digits', async () => {
    using folder = makeFolder();
    folder.file('hooks.config.json', '{"port":1.50e3}');
    await hooks(['provider', 'init', 'acme'], { cwd: folder.path });
    expect(read(folder.path, 'hooks.config.json')).toContain('"port": 1.50e3,');
  });

  it('leaves out what others sent, and needs no scheme that is known already', async () => {
    using folder = makeFolder();
    const cwd = folder.path;
    folder.file('hooks.config.json', '{"schemes":{"door":{"use":"github"}}}');
    const list = '{"kind":"received","received":{"headers":[],"body":"[1]"}}';
    await using listener = await startListening(['--record', 'mixed.jsonl'], { cwd });
    expect((await hooks(['send', 'roastify', '--all', '--to', listener.url])).code).toBe(0);
    const body = JSON.stringify({ event: 'door.opened', id: 'evt_1a2b3c' });
    await fetch(listener.url, { method: 'POST', headers: { 'x-hub-signature-256': 'sha256=ab' }, body });
    await listener.facts('received', 10);
    await listener.stop('SIGINT');
    appendFileSync(join(cwd, 'mixed.jsonl'), `no fact\n${list}\n`);
    const run = await hooks(['provider', 'import', 'mixed.jsonl', '--name', 'door'], { cwd });
    expect([run.code, run.stderr]).toEqual([
      0,
      expect.stringContaining('9 were left out: the recording says'),
    ]);
    // Its other facts are none.
    expect(run.stderr).toContain('\n1 delivery left out: without a JSON object for a body\n');
    expect(run.stderr).toMatch(/\nline \d+ is no fact and was skipped\n/);
    expect(run.stderr).not.toContain('hooks infer');
    expect(Object.keys(JSON.parse(read(cwd, 'door.provider.json')).events)).toEqual(['door.opened']);
  });

  it.each([
    ['a document', api, 'pet-store', 2],
    ['a recording', 'POST / HTTP/1.1\nhost: a\n\n{"type":"a.b"}', 'acme', 1],
  ])('reads %s from stdin', async (_, stdin, name, count) => {
    using folder = makeFolder();
    const named = name === 'acme' ? ['--name', name] : [];
    const run = await hooks(['provider', 'import', '-', ...named], { cwd: folder.path, stdin });
    expect([run.code, run.stdout]).toEqual([0, '']);
    const { events, source } = JSON.parse(read(folder.path, `${name}.provider.json`));
    expect([Object.keys(events).length, source]).toEqual([count, expect.stringMatching(/stdin$/)]);
  });

  it('says which headers of a HAR file were left out', async () => {
    using folder = makeFolder();
    const headers = [{ name: 'x-n', value: 3 }];
    const request = { method: 'POST', url: 'http://a.test/', headers, postData: { text: '{"type":"a.b"}' } };
    folder.file('a.har', JSON.stringify({ log: { entries: [{ request }] } }));
    const run = await hooks(['provider', 'import', 'a.har', '--name', 'acme'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('left out: "x-n" in entry 1')]);
  });

  it('refuses a recording in which nothing names the event', async () => {
    using folder = makeFolder();
    folder.file('a.http', 'POST / HTTP/1.1\nhost: a\n\n{"a":1}');
    const run = await hooks(['provider', 'import', 'a.http', '--name', 'acme'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('holds a name in each')]);
  });
});

describe('hooks provider test', () => {
  it('ends with 1 and names the clause that is broken', async () => {
    using folder = makeFolder();
    folder.file(
      'acme.provider.mjs',
      `export default { name: 'acme', eventAt: 'type', events: { 'a.b': {
      schema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
      payload: () => ({ type: 'a.b', n: 'one' }) } } };`,
    );
    folder.file('hooks.config.json', '{ "providers": ["acme.provider.mjs"] }');
    const run = await hooks(['provider', 'test', 'acme'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([1, '']);
    expect(run.stdout).toMatch(
      /^✗ a\.b: makes payloads that fit its schema: seed 0: n must be integer, is "one"$/m,
    );
    const facts = linesOf((await hooks(['provider', 'test', 'acme', '--json'], { cwd: folder.path })).stdout);
    expect(facts.filter(({ passed }) => passed === false).length).toBeGreaterThan(0);
    expect(facts.at(-1)).toMatchObject({ kind: 'summary', failed: 2, skipped: 1 });
  });

  it('says that there are no known answers, and how to give some', async () => {
    using folder = makeFolder();
    await hooks(['provider', 'init', 'acme'], { cwd: folder.path });
    const run = await hooks(['provider', 'test', 'acme'], { cwd: folder.path });
    expect([run.code, run.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^– signs like its known answers: there are none; "knownAnswers": .*\nacme: \d+ clauses kept, 0 broken, 1 not tried\n$/,
      ),
    ]);
  });

  it.each(['roastify', 'rose-rocket', 'shoprocket'])('holds %s against its known answers', async (name) => {
    const run = await hooks(['provider', 'test', name]);
    expect([run.code, run.stdout]).toEqual([
      0,
      expect.stringMatching(`^${name}: \\d+ clauses kept, 0 broken\n$`),
    ]);
  });

  it('says what is wrong with a payload in code, and so does send', async () => {
    using folder = makeFolder();
    folder.file(
      'hooks.config.mjs',
      `export default { providers: [{ name: 'acme', eventAt: 'type', events: { 'a.b': {
      schema: { type: 'object' }, payload: () => ({ type: 'a.b', n: 1n }) } } }] };`,
    );
    const words = 'hooks.config.mjs: providers[0]: events."a.b".payload gives no JSON: n is a BigInt (1n)';
    const run = await hooks(['provider', 'test', 'acme'], { cwd: folder.path });
    expect([run.code, run.stdout.split(words).length - 1]).toEqual([1, 1]);
    const sent = await hooks(['send', 'acme', 'a.b', '--dry-run'], { cwd: folder.path });
    expect([sent.code, sent.stderr]).toEqual([2, expect.stringContaining(`error: ${words}`)]);
  });

  it('shows on a terminal how far it is, and takes the line away', async () => {
    const context = testContext({ isTTY: true });
    expect(await testProvider('roastify', {}, context)).toBe(0);
    expect(context.err.text()).toMatch(/ \d+ of 56, \d+ per second\r\x1b\[2K$/);
  });

  it('hears a signal between two clauses', async () => {
    using folder = makeFolder();
    const events = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`a.${index}`, { samples: [{ id: 'x1' }] }]),
    );
    folder.file('acme.provider.json', JSON.stringify({ name: 'acme', eventAt: 'type', events }));
    folder.file('hooks.config.json', '{ "providers": ["acme.provider.json"] }');
    await using run = start(['provider', 'test', 'acme', '--json'], { cwd: folder.path });
    await run.says(/makes payloads/);
    expect((await run.stop('SIGTERM')).code).toBe(143);
  });

  it('refuses an unknown provider, with the nearest name', async () => {
    const run = await hooks(['provider', 'test', 'roastfy']);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('did you mean roastify?')]);
  });
});
