/** What the command needs at its start. */
export { main } from './cli.ts';
export { systemContext } from './context.ts';
