import { Argument, type Command } from 'commander';
import type { Context } from '../context.ts';
import { providers as builtIn } from '../providers/index.ts';
import type { Declare, Run } from './command.ts';
import { type Candidate, complete, type Line } from './complete.ts';
import { examples } from './options.ts';
import { openSettings } from './settings.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** Each asks the command itself, so that it always knows what the installed version knows. */
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# hooks completion for bash: eval "$(hooks completion bash)"
_hooks() {
  local IFS=$'\\n'
  COMPREPLY=($(hooks completion bash -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
}
complete -o default -F _hooks hooks
`,
  zsh: `#compdef hooks
# hooks completion for zsh: eval "$(hooks completion zsh)", after compinit
_hooks() {
  local -a candidates
  candidates=("\${(@f)$(hooks completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$candidates" ]]; then _describe -V hooks candidates; else _files; fi
}
if [[ "$funcstack[1]" == _hooks ]]; then _hooks "$@"; else compdef _hooks hooks; fi
`,
  fish: `# hooks completion for fish: hooks completion fish | source
function __hooks_complete
  set -l words (commandline -opc) (commandline -ct)
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
  const line = readLine(shell, words);
  const name = line.before.find((word) => !word.startsWith('-'));
  const found = complete(
    command.parent as Command,
    name === undefined ? undefined : await declare(name),
    line,
    { providers: await knownProviders(context), rules: name === 'check' ? await ruleWords() : [] },
  );
  return found.map((candidate) => `${print[shell](candidate, line)}\n`).join('');
}

/** The rules are loaded for the one command that has them. */
async function ruleWords(): Promise<Candidate[]> {
  const { rules } = await import('../core/check/rules.ts');
  return rules.map(({ id, title }) => ({ word: id, summary: title }));
}
/** While a line is typed there is nobody to tell that the configuration is wrong. */
const knownProviders = (context: Context) =>
  openSettings({}, context, { checked: false }).then(
    ({ providers }) => providers,
    () => builtIn,
  );

/** bash hands over the line as it stands, since it would break words at ":" and "="; the others hand over words. */
function readLine(shell: Shell, words: readonly string[]): Line {
  const all = shell === 'bash' ? (words[0] ?? '').trimStart().split(/\s+/).slice(1) : words;
  return { before: all.slice(0, -1), current: all.at(-1) ?? '' };
}

const print: Readonly<Record<Shell, (candidate: Candidate, line: Line) => string>> = {
  // bash replaces only what stands behind the last ":" or "=".
  bash: ({ word }, { current }) =>
    word.slice(Math.max(current.lastIndexOf(':'), current.lastIndexOf('=')) + 1),
  zsh: ({ word, summary }) => `${word.replaceAll(':', '\\:')}${summary === '' ? '' : `:${summary}`}`,
  fish: ({ word, summary }) => `${word}\t${summary}`,
};
