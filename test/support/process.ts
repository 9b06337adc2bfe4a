import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writ as a process of its own, for one test. It has no settings but these, and the compile cache of the tests. */
export function startProcess(
  args: string[],
  environment: Record<string, string> = {},
  cwd = '.',
  program = resolve('src/main.ts'),
) {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  const exited = once(child, 'close').then(([code]) => {
    for (const listener of listeners) listener();
    return { code: code as number | null, lastLine: output.trimEnd().split('\n').at(-1) };
  });
  return {
    /** Its exit code, and the last line that it has printed. */
    exited,
    /** Ends it as Kubernetes does a pod's. Returns its exit code. */
    async stop() {
      child.kill('SIGTERM');
      return (await exited).code;
    },
    /** The match of the first output that has one. It rejects if the process ends before. */
    async printed(wanted: RegExp): Promise<RegExpExecArray> {
      const { promise, resolve: found, reject } = Promise.withResolvers<RegExpExecArray>();
      const look = () => {
        const match = wanted.exec(output);
        if (match) found(match);
        else if (child.exitCode !== null) reject(new Error(`it ended: ${output}`));
      };
      listeners.add(look);
      look();
      return promise.finally(() => listeners.delete(look));
    },
  };
}
