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
\`known-id-forged\` are then judged by them, after everything else; without, by the answers. \`duplicate-at-once\`,
\`duplicate-behind-another\`, \`duplicate-unsigned-id\` and \`refused-no-effect\` are judged with effects only. An effect is
waited for as long as \`--effect-wait\` says (2 s; the check then takes about half a minute). What shows them is proved first:
a genuine delivery moves it, and without one it stands still. Before the rules about effects a receiver that queues is given
the time to come to rest, as long as it goes on (\`QUEUE_DRAINING\` says so): what changes more often than messages were sent
changes by itself. Rules of which nothing may come are waited for together, and sent again one by one where something did; one
that fails by its effects is tried again. Where \`duplicate\` does, \`duplicate-behind-another\` and \`duplicate-unsigned-id\`
would only say the same, and are skipped. What shows the effects is watched standing still between the rules, and at the end
for three times as long as an effect may take.

Where the command or page fails at the start, shows nothing new after a genuine delivery that was accepted, or changes by
itself, it is not usable: nothing is judged, and the exit code is 2, as for any wrong option (\`EFFECT_UNSEEN\`).

Then \`alive\` asks for an effect, as there was one at the start: a receiver may go on answering 2xx when the worker behind it
has ended at something odd, or is stuck with it. At the start a second genuine delivery shows that it is not the first one
alone that has an effect. \`alive\` fails where two more, neither of which was sent before (by id and by body), are accepted and
have none within three times \`--effect-wait\` each. Without that second effect, as where later deliveries are dropped as old,
nobody is accused: the rule is left open, as is every rule about effects whose own genuine delivery had none. Only where the
same id or body was sent before (a provider has few) it is judged by the answers alone, and that is no fault.

Where effects were asked for and could not be told (they moved with no delivery, went back after one, did not come any more,
or could not be read any more), these rules are judged by the answers alone, as without, or skipped where no answer decides.
That is said at each, and in one notice (\`UNDECIDED\`); and it is no success (exit 1), for what was asked is not known. The
same goes for a MUST that could not be concluded because its genuine twin was refused.

A receiver that answers 429 is given the time that it asks for, up to 30 s; one that asks for more, or goes on, ends the
check (exit 1).

One that goes (its process ends) is waited for two seconds, or as long as \`--wait\` says where that is longer: a supervisor
may take its time. It may have answered what it does not survive, and gone a
moment later; so whatever was sent in the half second before it was last seen alive is a suspect. If it comes back,
suspects are sent again, as other deliveries: the likeliest alone, then whole rules, of which those that make it go are
halved until one is left. The rule after which it is gone again, with nothing beside it, fails; the other suspects are
judged by what comes of them when they are sent once more, one by one. That is done for each rule at which it goes. Where
nothing repeats it, the suspects are named and \`alive\` fails; three such times end the check (exit 3). If it does not
come back, the check ends (exit 3), names the suspects, the likeliest first, and fails none of them: so let something start it
again. A gateway in front that answers 502, 503 or 504 to a genuine delivery, twice, after others were accepted, is a
receiver that is gone.

One that stays, and accepts no genuine delivery any more, is broken: a full pool, a lock that is kept, a changed prototype. It
did accept them; then it refused one, or did not answer, and another one, and all that were sent alone for half a second: so one
that is busy for a moment, or refuses some by chance, is not accused. What was sent since it accepted the last one is named. The
rule that sent all of that fails, where it sends a genuine delivery afterwards; what came before may have had its part in it.
None fails where several were under way, or where genuine deliveries are answered 401 or 403: it may ban senders after so many
bad ones. The rules that are left are not tried, and are not blamed (\`RECEIVER_BROKEN\`, exit 1). If it accepts them again
within two seconds, what was under way is sent again, one by one (\`RECEIVER_REFUSED\`); eight such times for no rule that was
found end the check. To find the one, start the receiver anew, and send less: \`--only RULE\`.

A connection that was dropped while others were under way proves nothing: its rule is sent again, alone. What was cut
short counts only where it has failed already. After three answers that never came the others are waited for half a second
(a genuine delivery's: a second), or four times as long as the slowest that came. What was not tried any more is skipped,
with that reason, in every report.

## How to read a report

- Above the failures stands what several of them prove together, the most important first: "everything is accepted, also
  without a signature". Begin there; each names its rules. With \`--json\` it is a notice \`DIAGNOSIS\` with \`rules\`, in JUnit
  a property \`diagnosis\` and the first line of each of these failures.
- Each failure has what was sent, as a line of curl that sends the same. What curl cannot do stands behind it as a comment:
  pieces that end inside of characters, say. Then what came back, why it matters, and what to do.
- Where a check found out less than it was to, all reports say why: it broke off (\`BASELINE_REFUSED\`, \`RECEIVER_GONE\`,
  \`RECEIVER_BROKEN\`, \`RATE_LIMITED\`, \`EFFECT_UNSEEN\`, \`INTERRUPTED\`), nothing was judged (\`NOTHING_JUDGED\`), or a MUST was left open, since
  its effect could not be told or the genuine delivery beside it was refused (\`UNDECIDED\`). These are codes of notices with \`--json\`. JUnit has an \`<error>\`
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
