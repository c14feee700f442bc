import { type Command, Option } from 'commander';
import type { Run } from './command.ts';
import { examples, jsonOption, valueOption } from './options.ts';
import type { ImportFlags } from './provider-import.ts';
import type { InitFlags } from './provider-init.ts';
import type { TestFlags } from './provider-test.ts';

/** Declares `hooks provider` and what it can do; each is loaded when it is called. */
export function configure(command: Command, run: Run): void {
  command.helpCommand(false);
  init(command, run);
  imported(command, run);
  test(command, run);
  examples(command, [
    ['hooks provider init acme', 'a starter to fill in: acme.provider.json'],
    ['hooks provider import openapi.yaml --name acme', "of an OpenAPI 3.1 document's webhooks"],
    ['hooks provider import deliveries.jsonl --name acme', 'of what `hooks listen --record` kept'],
    ['hooks provider test acme', 'does it keep the contract of the built-in ones?'],
  ]);
}

function init(command: Command, run: Run): void {
  const init = command
    .command('init')
    .description('write a starter, and name it in the configuration')
    .argument('<name>', 'lower-case letters, digits and "-"')
    .addOption(new Option('--code', 'a module with functions instead of JSON'));
  examples(init, [
    ['hooks provider init acme', 'acme.provider.json'],
    ['hooks provider init acme --code', 'acme.provider.mjs'],
  ]);
  init.action((name: string) =>
    run(async (context) =>
      (await import('./provider-init.ts')).initProvider(name, init.optsWithGlobals<InitFlags>(), context),
    ),
  );
}

function imported(command: Command, run: Run): void {
  const importing = command
    .command('import')
    .description('make a declaration of an OpenAPI 3.1 document, or of a recording')
    .argument('<file>', 'JSON, YAML, or a recording; - is stdin')
    .addOption(valueOption('--name <name>', "the provider's name (default: of the document's title)"));
  examples(importing, [
    ['hooks provider import openapi.yaml --name acme', 'its webhooks, with what they refer to'],
    ['hooks provider import deliveries.jsonl --name acme', 'schemas of what was seen, marked observed'],
  ]);
  importing.action((file: string) =>
    run(async (context) =>
      (await import('./provider-import.ts')).importProvider(
        file,
        importing.optsWithGlobals<ImportFlags>(),
        context,
      ),
    ),
  );
}

function test(command: Command, run: Run): void {
  const testing = command
    .command('test')
    .description('hold a provider against the contract that the built-in ones keep')
    .argument('<provider>', 'its name')
    .addOption(jsonOption());
  examples(testing, [['hooks provider test acme', 'exit 0 when it keeps all clauses, else 1']]);
  testing.action((name: string) =>
    run(async (context) =>
      (await import('./provider-test.ts')).testProvider(name, testing.optsWithGlobals<TestFlags>(), context),
    ),
  );
}
