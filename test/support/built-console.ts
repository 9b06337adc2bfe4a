import { buildConsole } from '../../src/commands/sandbox-console.ts';

/** For all files of a run, which would else build it at the same time. */
export default async function builtConsole(): Promise<void> {
  if (!(await buildConsole())) throw new Error('The console could not be built');
}
