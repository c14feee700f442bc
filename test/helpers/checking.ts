import { hooks, type Line, linesOf } from './command.ts';

/** Where to, as words of the command. */
export const to = ({ port }: { readonly port: number }): string[] => ['--to', String(port)];

/** Runs a check of Roastify's deliveries with `--json`. */
export async function check(target: { readonly port: number }, ...more: string[]) {
  const result = await hooks(['check', 'roastify', ...to(target), '--json', ...more]);
  const facts = linesOf(result.stdout);
  const found = facts.filter(({ kind }) => kind === 'check');
  return {
    ...result,
    facts,
    found,
    summary: facts.at(-1)!,
    outcomes: Object.fromEntries(found.map(({ rule, outcome }) => [rule, outcome])) as Record<string, string>,
    rule: (id: string): Line => found.find(({ rule }) => rule === id)!,
    notices: facts.filter(({ kind }) => kind === 'notice').map(({ code, message }) => `${code}: ${message}`),
  };
}
