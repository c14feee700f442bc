// Writes docs/check.md: `node docs/check.js`. A test holds the page to the rules.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/hooks.js', import.meta.url));

const headings = {
  accept: ['Accept', 'Legitimate deliveries that naive receivers break on.'],
  refuse: [
    'Refuse',
    'What must never be accepted. Each differs from a genuine delivery in one thing, and counts only beside a genuine twin that was accepted.',
  ],
  survive: ['Survive', 'Odd, hostile or broken input.'],
  answer: ['Answer', 'How it refuses.'],
};

const intro = `# The rules of \`hooks check\`

A correctly signed delivery comes first; where it is refused, nothing else is tried. *Accepting* is the provider's success
(2xx), *refusing* is any other answer. A MUST that fails makes the exit code 1, a SHOULD does with \`--strict\`. A rule that
cannot apply is skipped, with its reason; where correct receivers differ, it is reported and not judged. A run in which
nothing was judged is no success (exit 1).

With \`--effect-cmd\` or \`--effect-url\` effects can be seen: \`duplicate\`, \`same-body-new-id\`, \`refused-id-not-burnt\` and
\`known-id-forged\` are then judged by them, one by one and after everything else; without, by the answers.
\`duplicate-at-once\` and \`refused-no-effect\` are judged with effects only. What shows them is proved first, and watched
standing still between the rules and at the end, and a rule that fails by it is tried again: where it moves by itself, no
effect is judged. An effect is waited for as long as \`--effect-wait\` says (2 s); the standing still at the end takes three
times that.

A receiver that answers 429 is given the time that it asks for, up to 30 s; one that asks for more, or goes on, ends the
check (exit 1). One that goes (its process ends) is waited for two seconds. If it does not come back, the check ends (exit
3) and names what was under way; if it does, that is sent again, one by one, so that the rule at which it goes is found
and fails. A connection that was dropped while others were under way proves nothing: its rule is sent again, alone. What
was cut short counts only where it has failed already. After three answers that never came the others are waited for a
second, or five times as long as the slowest. What was not tried any more is skipped, with that reason, in every report.

## How to read a report

- Above the failures stands what several of them prove together, the most important first: "everything is accepted, also
  without a signature". Begin there; each names its rules. With \`--json\` it is a notice \`DIAGNOSIS\` with \`rules\`, in JUnit
  a property \`diagnosis\` and the first line of each of these failures.
- Each failure has what was sent, as a line of curl that sends the same. What curl cannot do stands behind it as a comment:
  pieces that end inside of characters, say. Then what came back, why it matters, and what to do.
- Where a check found out less than it was to, all reports say why: it broke off (\`BASELINE_REFUSED\`, \`RECEIVER_GONE\`,
  \`RATE_LIMITED\`, \`EFFECT_UNSEEN\`, \`INTERRUPTED\`), nothing was judged (\`NOTHING_JUDGED\`), or a MUST was left open since
  the genuine delivery beside it was refused (\`UNDECIDED\`). These are codes of notices with \`--json\`. JUnit has an \`<error>\`
  then, in a test case "the check itself", so that it is never green; Markdown begins with it.
- Files are written at the end, whole. What is refused before anything is sent leaves them as they were. \`--junit -\` and
  \`--markdown -\` print to stdout instead of the table.

## Limits of time

\`--timeout\` says how long we wait; whether a receiver is prompt goes by the time that the provider waits.

For a provider whose scheme we assume, the rules about signatures run with \`--scheme assumed\` only.
`;

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('<', '&lt;');

const section = ({ rule, level, title, why, link, sends, expected, remedy }) => `### \`${rule}\`

**${level}: ${title}.** ${cell(why)} [Why](${link})

- Sends: ${cell(sends)}.
- Expects: ${cell(expected)}.
- Remedy: ${cell(remedy)}.
`;

/** The page, of the rules that the command lists. */
export function page() {
  const list = execFileSync(process.execPath, [bin, 'check', '--list', '--json'], { encoding: 'utf8' });
  const rules = list
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const groups = Object.entries(headings).map(([group, [heading, words]]) => {
    const sections = rules.filter((rule) => rule.group === group).map(section);
    return `## ${heading}\n\n${words}\n\n${sections.join('\n')}`;
  });
  return `${intro}\n${groups.join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('check.md', import.meta.url)), page());
}
