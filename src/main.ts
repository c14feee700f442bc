import type { Context } from './context.ts';
import { version } from './version.ts';

export { systemContext } from './context.ts';

/**
 * Runs the command and gives its exit code.
 * @param argv the words after `hooks`
 */
export async function main(argv: readonly string[], context: Context): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    // Scripts ask for it at every turn, and it takes no parser.
    context.out.write(`${version}\n`);
    return 0;
  }
  const cli = await import('./cli.ts');
  return cli.main(argv, context);
}
