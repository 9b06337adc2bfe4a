import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { RunningCommand } from './commands/running-command.ts';
import { type Config, readConfig } from './config/config.ts';
import { listenProblem } from './config/listen-problem.ts';
import { readTriggerConfig } from './config/trigger-config.ts';
import { explain } from './errors.ts';

interface Command {
  usage: string;
  /** Loads the command's own modules and starts it. */
  run(config: Config, kubeconfig: string | undefined): Promise<RunningCommand>;
}

const COMMANDS: Record<string, Command> = {
  // The container image does not contain the sandbox.
  ...(existsSync(new URL('sandbox/', import.meta.url)) && {
    sandbox: {
      usage: `writ sandbox
      The API and the controller on an embedded, in-memory imitation of Kubernetes, with demo data.`,
      run: async (config) => (await importSandbox()).runSandbox(config),
    },
  }),
  serve: {
    usage: `writ serve [--kubeconfig FILE]
      The API for the cluster of --kubeconfig FILE, of KUBECONFIG, or of the pod.`,
    run: async (...args) => (await import('./commands/serve.ts')).serve(...args),
  },
  controller: {
    usage: `writ controller [--kubeconfig FILE]
      The controller for that cluster (status, repair, clean-up), with a service account of its own.`,
    run: async (...args) => (await import('./commands/controller.ts')).runController(...args),
  },
};

/** Commands that end by themselves, with their exit code. */
const TASKS: Record<string, { usage: string; run(stopped: AbortSignal): Promise<number> }> = {
  trigger: {
    usage: `writ trigger
      Creates the session of a scheduled session, in the pod of its CronJob.`,
    run: async (stopped) => (await import('./commands/trigger.ts')).runTrigger(readTriggerConfig(), stopped),
  },
};

const USAGE = `Usage:

  ${[...Object.values(COMMANDS), ...Object.values(TASKS)].map(({ usage }) => usage).join('\n\n  ')}

Settings are environment variables that start with WRIT_: see the README.`;

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { kubeconfig: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [name = ''] = positionals;
  if (values.help || positionals.length !== 1) return exitWith(values.help ? 0 : 2, USAGE);
  if (Object.hasOwn(TASKS, name)) return runTask(TASKS[name]);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return exitWith(2, `Unknown command "${name}".\n\n${USAGE}`);
  const config = readConfig();
  const running = await command.run(config, values.kubeconfig).catch((error: unknown) => {
    const problem = listenProblem(error, config);
    throw problem ? new Error(problem) : error;
  });
  stopOnSignal(running);
}

async function runTask(task: (typeof TASKS)[string] | undefined): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stopping.abort());
  process.exitCode = await task?.run(stopping.signal);
}

/** It alone needs packages that the other commands do not. */
async function importSandbox() {
  return import('./commands/sandbox.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      `The sandbox needs Writ's development dependencies: run npm ci --include=dev (${error.message.split('\n')[0]})`,
    );
  });
}

/** The first signal stops the command gracefully, a second one immediately. */
function stopOnSignal(running: RunningCommand): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        exitWith(1, String(error));
        process.exit();
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function exitWith(code: number, text: string): void {
  process[code === 0 ? 'stdout' : 'stderr'].write(`${text}\n`);
  process.exitCode = code;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  exitWith(1, error instanceof Error ? explain(error) : String(error));
  process.exit();
});
