import { spawnSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../helpers/command.ts';

const bin = resolve('bin/hooks.js');

/** What may come next, as a shell's script would ask. */
function next(shell: string, ...words: string[]): string[] {
  return nextIn(undefined, shell, ...words);
}

function nextIn(cwd: string | undefined, shell: string, ...words: string[]): string[] {
  const { stdout, status } = spawnSync(process.execPath, [bin, 'completion', shell, '--', ...words], {
    encoding: 'utf8',
    cwd,
  });
  expect(status).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

const orderEvents = ['order.created', 'order.updated', 'order.deleted'];

describe('candidates', () => {
  it.each([
    ['commands', 'hooks se', ['send']],
    ['one command more', 'hooks inf', ['infer']],
    ['files to infer from', 'hooks infer ', []],
    ['providers', 'hooks send ro', ['rose-rocket', 'roastify', 'rose-rocket-platform']],
    ['events of the provider', 'hooks send shoprocket order.', orderEvents],
    ['a second event', 'hooks send shoprocket order.created customer.d', ['customer.deleted']],
    ['events after options with values', 'hooks send --to 3000 -s x shoprocket order.c', ['order.created']],
    ['events of the alias', 'hooks trigger shoprocket order.c', ['order.created']],
    ['options', 'hooks send shoprocket --uns', ['--unset', '--unsigned']],
    ['global options', 'hooks --de', ['--debug']],
    ['values of a choice', 'hooks send roastify --format ', ['http', 'curl', 'json']],
    ['values of --provider', 'hooks listen --provider s', ['shoprocket', 'shoprocket-v3']],
    ['events to be replayed', 'hooks replay a.jsonl -e shoprocket:order.c', ['order.created']],
    ['files where a recording is wanted', 'hooks replay ', []],
    [
      'the events of one provider in the catalogue',
      'hooks events shoprocket customer.c',
      ['customer.created'],
    ],
    ['shells', 'hooks completion z', ['zsh']],
    ['behind a comma', 'hooks listen -e leg.loaded,leg.u', ['leg.loaded,leg.unloaded']],
    ['behind a colon bash replaces only the rest', 'hooks listen -e shoprocket:order.', orderEvents],
    ['files where a file is wanted', 'hooks send roastify --data ', []],
    ['nothing of ours behind --', 'hooks listen -- node --s', []],
    ['no events of an unknown provider', 'hooks send nobody ', []],
    ['commands of a command', 'hooks provider i', ['init', 'import']],
    ['options of a command of a command', 'hooks provider import --n', ['--name']],
    ['options of another', 'hooks provider init --co', ['--color', '--config', '--code']],
    [
      'what such a command takes',
      'hooks provider test --json ro',
      ['rose-rocket', 'roastify', 'rose-rocket-platform'],
    ],
    ['a command behind a global option', 'hooks --color never se', ['send']],
    ['events behind a global option', 'hooks --config a.json send shoprocket order.c', ['order.created']],
    ['a command of a command behind one', 'hooks --debug provider --color never im', ['import']],
  ])('%s', (_what, line, expected) => {
    expect(next('bash', line)).toEqual(expected);
  });

  it('come with what they mean for fish', () => {
    expect(next('fish', 'send', 'shoprocket', 'order.c')).toEqual(['order.created\tAn order was created.']);
  });

  it('escape the colon for zsh', () => {
    expect(next('zsh', 'listen', '-e', 'shoprocket:order.c')).toEqual([
      'shoprocket\\:order.created:An order was created.',
    ]);
  });
});

describe('events whose names a shell would break', () => {
  const project = () => {
    const folder = makeFolder();
    const events = Object.fromEntries(
      ['Order Created', 'Order Paid', 'jira:issue_created', "what's $up?", 'a=b'].map((name) => [
        name,
        { samples: [{}], summary: 'One:\ntwo' },
      ]),
    );
    const declared = (name: string) => JSON.stringify({ providers: [{ name, eventAt: 'type', events }] });
    folder.file('hooks.config.json', declared('acme'));
    folder.file('other.json', declared('other'));
    return folder;
  };

  it.each([
    ['a space, not typed yet', 'hooks send acme Or', ['Order\\ Created', 'Order\\ Paid']],
    ['a space behind a backslash', 'hooks send acme Order\\ C', ['Order\\ Created']],
    [
      'a space behind a backslash, at the end',
      'hooks send acme Order\\ ',
      ['Order\\ Created', 'Order\\ Paid'],
    ],
    ['a space in double quotes', 'hooks send acme "Order C', ['Order Created']],
    ['a space in single quotes', "hooks send acme 'Order ", ['Order Created', 'Order Paid']],
    ['one behind a word in quotes', 'hooks send acme "Order Created" Order\\ P', ['Order\\ Paid']],
    ['a colon', 'hooks send acme jira:', ['issue_created']],
    ['a colon in quotes', 'hooks send acme "jira:', ['jira:issue_created']],
    ['an equals sign', 'hooks send acme a=', ['b']],
    ['what a shell reads', 'hooks send acme wha', ["what\\'s\\ \\$up\\?"]],
    ['what double quotes read', 'hooks send acme "wha', ["what's \\$up?"]],
    ['what single quotes read', "hooks send acme 'wha", ["what'\\''s $up?"]],
    ['the configuration of the line', 'hooks --config other.json send ot', ['other']],
    ['the configuration of the line, with =', 'hooks send --config=other.json ot', ['other']],
  ])('bash: %s', (_what, line, expected) => {
    using folder = project();
    expect(nextIn(folder.path, 'bash', line)).toEqual(expected);
  });

  it('fish and zsh quote by themselves; a summary is one line', () => {
    using folder = project();
    expect(nextIn(folder.path, 'fish', 'send', 'acme', 'Order C')).toEqual(['Order Created\tOne: two']);
    expect(nextIn(folder.path, 'zsh', 'send', 'acme', 'jira:')).toEqual(['jira\\:issue_created:One: two']);
  });
});

/** A folder on the PATH that has `hooks`. */
function pathWithHooks(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hooks-path-'));
  symlinkSync(bin, join(folder, 'hooks'));
  return folder + delimiter + process.env.PATH;
}

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

describe.skipIf(process.platform === 'win32')('the script', () => {
  it('completes in bash', () => {
    const script = `eval "$(hooks completion bash)"
      COMP_LINE='hooks listen -e shoprocket:order.' COMP_POINT=33
      COMP_LINE='hooks listen -e shoprocket:order.'; COMP_POINT=\${#COMP_LINE}; _hooks; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['--norc', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, PATH: pathWithHooks() },
    });
    expect(stdout.trim().split('\n')).toEqual(orderEvents);
  });

  it.skipIf(!has('fish'))('completes in fish', () => {
    const script = 'hooks completion fish | source; complete -C "hooks send shoprocket order."';
    const { stdout } = spawnSync('fish', ['--no-config', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, PATH: pathWithHooks() },
    });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(orderEvents);
  });

  it.skipIf(!has('zsh'))('is right zsh, and asks the command', () => {
    const script = `compdef() { :; }; _describe() { print -rl -- "\${(@)candidates}"; }
      eval "$(hooks completion zsh)"; words=(hooks send shoprocket order.); CURRENT=4; PREFIX=order.; _hooks`;
    const { stdout } = spawnSync('zsh', ['-f', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, PATH: pathWithHooks() },
    });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(orderEvents);
  });
});
