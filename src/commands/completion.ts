import { Argument, type Command } from 'commander';
import type { Context } from '../context.ts';
import { providers as builtIn } from '../providers/index.ts';
import type { Declare, Run } from './command.ts';
import { type Candidate, complete, type Line, wordsIn } from './complete.ts';
import { type BashLine, inBash, readBashLine } from './complete-line.ts';
import { examples } from './options.ts';
import { type ConfigFlags, openSettings } from './settings.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** Each asks the command itself, so that it always knows what the installed version knows. */
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# hooks completion for bash: eval "$(hooks completion bash)"
_hooks() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("$candidate")
  done < <(hooks completion bash -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o default -F _hooks hooks
`,
  zsh: `#compdef hooks
# hooks completion for zsh: eval "$(hooks completion zsh)", after compinit
_hooks() {
  local -a candidates
  candidates=("\${(@f)$(hooks completion zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  if [[ -n "$candidates" ]]; then _describe -V hooks candidates; else _files; fi
}
if [[ "$funcstack[1]" == _hooks ]]; then _hooks "$@"; else compdef _hooks hooks; fi
`,
  fish: `# hooks completion for fish: hooks completion fish | source
function __hooks_complete
  set -l words (commandline -opc) (commandline -ct | string unescape; or echo)
  set -l candidates (hooks completion fish -- $words[2..-1] 2>/dev/null)
  if test (count $candidates) -gt 0
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c hooks -f -k -a '(__hooks_complete)'
`,
};

/** Declares `hooks completion`. */
export function configure(command: Command, run: Run, declare: Declare): void {
  command
    .addArgument(new Argument('<shell>', 'for which shell').choices(Object.keys(scripts)))
    .argument('[words...]', 'after --: print what may come next (the scripts use this)');
  examples(command, [
    ['eval "$(hooks completion bash)"', 'in ~/.bashrc'],
    ['eval "$(hooks completion zsh)"', 'in ~/.zshrc, after compinit'],
    ['hooks completion fish | source', 'in ~/.config/fish/config.fish'],
  ]);
  command.action((shell: Shell, words: string[]) =>
    run(async (context) => {
      context.out.write(
        words.length === 0 ? scripts[shell] : await candidates(shell, words, command, declare, context),
      );
      return 0;
    }),
  );
}

async function candidates(
  shell: Shell,
  words: readonly string[],
  command: Command,
  declare: Declare,
  context: Context,
): Promise<string> {
  const program = command.parent as Command;
  const line = shell === 'bash' ? readBashLine(words[0] ?? '') : readWords(words);
  const [name] = wordsIn(line.before, program.options);
  const found = complete(program, name === undefined ? undefined : await declare(name), line, {
    providers: await knownProviders(line, context),
    rules: name === 'check' ? await ruleWords() : [],
  });
  const print = shell === 'bash' ? ({ word }: Candidate) => inBash(word, line as BashLine) : printed[shell];
  return found.map((candidate) => `${print(candidate)}\n`).join('');
}

/** The rules are loaded for the one command that has them. */
async function ruleWords(): Promise<Candidate[]> {
  const { rules } = await import('../core/check/rules.ts');
  return rules.map(({ id, title }) => ({ word: id, summary: title }));
}
/** While a line is typed there is nobody to tell that the configuration is wrong. */
const knownProviders = ({ before }: Line, context: Context) =>
  openSettings(configIn(before), context, { checked: false }).then(
    ({ providers }) => providers,
    () => builtIn,
  );

/** The configuration that a line names. */
function configIn(words: readonly string[]): ConfigFlags {
  const at = words.findLastIndex((word) => /^--config(?:=|$)/.test(word));
  const word = words[at];
  const config = word === '--config' ? words[at + 1] : word?.slice('--config='.length);
  return config ? { config } : {};
}

const readWords = (words: readonly string[]): Line => ({
  before: words.slice(0, -1),
  current: words.at(-1) ?? '',
});

/** A summary as one line. */
const lineOf = (summary: string): string => summary.replace(/[\s\p{Cc}]+/gu, ' ').trim();

const printed: Readonly<Record<'zsh' | 'fish', (candidate: Candidate) => string>> = {
  zsh: ({ word, summary }) =>
    `${word.replace(/[:\\]/g, '\\$&')}${summary === '' ? '' : `:${lineOf(summary)}`}`,
  fish: ({ word, summary }) => `${word}\t${lineOf(summary)}`,
};
