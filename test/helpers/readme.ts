import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packed.ts';

/** How a block of shell is treated; a comment above it says so. */
export type Mark =
  /** `<!-- exit 1 -->`; without it 0. */
  | { readonly kind: 'run'; readonly code: number }
  /** `<!-- stays -->`: it goes on running, and later blocks meet it. */
  | { readonly kind: 'stays' }
  /** `<!-- until interrupted -->`: it runs until SIGINT, and then ends well. */
  | { readonly kind: 'interrupted' }
  /** `<!-- checked -->`: for a clone; what it names is checked, and it is not run. */
  | { readonly kind: 'checked' };

export interface Shell {
  readonly kind: 'sh';
  readonly line: number;
  readonly script: string;
  readonly mark: Mark;
  /** What it prints, where a block of text stands right under it. */
  readonly prints?: string;
}

/** A block of JavaScript; its first line is a comment with the name of its file. */
export interface File {
  readonly kind: 'js';
  readonly line: number;
  readonly name: string;
  readonly content: string;
}

/** A workflow of GitHub's; the scripts that its steps run, in their order. */
export interface Workflow {
  readonly kind: 'yaml';
  readonly line: number;
  readonly steps: readonly string[];
}

/** A configuration. */
export interface Configuration {
  readonly kind: 'json';
  readonly line: number;
  readonly content: string;
}

const block =
  /(?:^<!-- (?<mark>[^\n]+) -->\n)?^```(?<language>\w+)\n(?<content>.*?)^```$(?:\n^```text\n(?<prints>.*?)^```$)?/gms;

export const readmeText = (): string => readFileSync(join(root, 'README.md'), 'utf8');

/** The blocks of the README that a reader would run or copy, in their order. */
export function readmeBlocks(): (Shell | File | Workflow | Configuration)[] {
  const text = readmeText();
  return [...text.matchAll(block)].map(({ index, groups = {} }) => {
    const { mark, language, content = '', prints } = groups;
    const line = text.slice(0, index).split('\n').length;
    if (language === 'js') return { kind: 'js', line, name: fileName(content, line), content };
    if (language === 'json') return { kind: 'json', line, content };
    if (language === 'yaml') return { kind: 'yaml', line, steps: runSteps(content, line) };
    if (language !== 'sh') throw new Error(`README.md:${line}: a block of ${language} stands alone`);
    const shell = { kind: 'sh', line, script: content, mark: markOf(mark, line) } as const;
    return prints === undefined ? shell : { ...shell, prints };
  });
}

function fileName(content: string, line: number): string {
  const [, name] = /^\/\/ (\S+)\n/.exec(content) ?? [];
  if (name === undefined) throw new Error(`README.md:${line}: the block does not say its file's name`);
  return name;
}

/** `run: npm ci`, or `run: |` and deeper lines. */
const step = /^( *)run: (?:\|\n((?:\1 +.*\n)+)|([^|>\s].*)\n)/gm;

function runSteps(content: string, line: number): string[] {
  const keys = content.replace(/^( *)- /gm, '$1  ');
  const steps = [...keys.matchAll(step)].map(([, , lines, one = '']) => lines?.replace(/^ +/gm, '') ?? one);
  if (steps.length === 0 || steps.length !== content.match(/\brun:/g)?.length)
    throw new Error(`README.md:${line}: a step is written in a way that is not understood`);
  return steps;
}

function markOf(text: string | undefined, line: number): Mark {
  if (text === undefined) return { kind: 'run', code: 0 };
  const [, code] = /^exit (\d+)$/.exec(text) ?? [];
  if (code !== undefined) return { kind: 'run', code: Number(code) };
  if (text === 'stays' || text === 'checked') return { kind: text };
  if (text === 'until interrupted') return { kind: 'interrupted' };
  throw new Error(`README.md:${line}: unknown mark "${text}"`);
}
