import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// It reads until the pipe closes, which the system does however its parent ends, be it by kill -9.
const GUARDIAN = `
while read -r line; do
  if [ "$line" = done ]; then pids=; else pids="$pids $line"; fi
done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null
# What was killed this moment may still be writing.
for try in 1 2 3 4 5; do rm -rf "$0" 2>/dev/null && break; sleep 0.2; done`;

/**
 * Processes and a directory that live as long as this one: a guardian in a session of its own kills what is left and
 * removes the directory, whatever this process dies of.
 */
export class Processes {
  readonly directory = mkdtempSync(join(tmpdir(), 'writ-cluster-'));
  readonly #guardian = spawn('/bin/sh', ['-c', GUARDIAN, this.directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  readonly #children = new Map<string, { child: ChildProcess; start(): void }>();
  /** Why it does not run, by name. */
  readonly #ended = new Map<string, string>();
  #closed: Promise<void> | undefined;

  /** Starts a program that logs to NAME.log; ctrl-C in the terminal does not reach it. */
  start(binary: string, args: string[]): void {
    const name = basename(binary);
    const log = openSync(this.#logOf(name), 'a', 0o600);
    const child = spawn(binary, args, {
      cwd: this.directory,
      env: { PATH: process.env.PATH, HOME: this.directory },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#children.set(name, { child, start: () => this.start(binary, args) });
    if (child.pid) this.#guardian.stdin?.write(`${child.pid}\n`);
    const noteEnd = (why: string) => {
      // Not of one that was started again.
      if (this.#children.get(name)?.child === child) this.#noteEnd(name, why);
    };
    child.once('error', (error) => noteEnd(error.message));
    child.once('exit', (code, signal) => noteEnd(`it ended with ${signal ?? code}`));
  }

  /** Of a program that was started; another after a restart. */
  pidOf(name: string): number | undefined {
    return this.#children.get(name)?.child.pid;
  }

  /** Kills a program, and starts it again as it was. */
  async restart(name: string): Promise<void> {
    const running = this.#children.get(name);
    if (!running) throw new Error(`${name} was not started`);
    this.#children.delete(name);
    const exited = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await exited;
    running.start();
  }

  /** Polls until `isReady` holds. A process that ends, or three minutes, is an error with the end of its log. */
  async until(name: string, isReady: () => Promise<boolean>, deadlineMs = 180_000): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    while (!(await isReady().catch(() => false))) {
      for (const [ended, why] of this.#ended)
        throw new Error(`${ended} does not run: ${why}\n${this.#tail(ended)}`);
      if (Date.now() > deadline)
        throw new Error(`${name} is not ready after ${deadlineMs} ms:\n${this.#tail(name)}`);
      await sleep(50);
    }
  }

  /** Kills them all, since their data goes too, and removes the directory. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const running = [...this.#children].filter(([name]) => !this.#ended.has(name));
    await Promise.all(
      running.map(async ([, { child }]) => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
    const removed = once(this.#guardian, 'exit');
    this.#guardian.stdin?.end('done\n');
    await removed;
  }

  #noteEnd(name: string, why: string): void {
    this.#ended.set(name, why);
    if (!this.#closed) process.stderr.write(`${name}: ${why}\n${this.#tail(name)}\n`);
  }

  #tail(name: string): string {
    return readFileSync(this.#logOf(name), 'utf8').split('\n').slice(-20).join('\n');
  }

  #logOf(name: string): string {
    return join(this.directory, `${name}.log`);
  }
}

/**
 * Ports that nobody listens on, below those that systems give to outgoing connections: of these a busy test suite
 * would take one before the server gets to it.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
