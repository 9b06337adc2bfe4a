import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface WritProcess {
  /** Of the admin server. */
  adminUrl: string;
  /** From the start of the process until it listens, in ms. */
  startMs: number;
  /** Resident memory, in MB. */
  residentMb(): number;
  /** Processor time so far, in ms: unlike latencies, hardly changed by what else the machine does. */
  cpuMs(): number;
  stop(): Promise<void>;
}

export interface ApiProcess extends WritProcess {
  url: string;
}

interface ClusterMessage {
  server: string;
  ca: string;
  kubeconfig: string;
  /** Of alice, who may edit. */
  token: string;
  admin: string;
}

/** @param program runs the cluster, and sends its address */
export async function startCluster(program = 'cluster.ts') {
  const child = fork(new URL(program, import.meta.url));
  const message = await new Promise<ClusterMessage>((resolve, reject) => {
    child.once('message', (message) => resolve(message as ClusterMessage));
    child.once('exit', (code) => reject(new Error(`the cluster exited with ${code}`)));
  });
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'writ-bench-')), 'kubeconfig');
  writeFileSync(kubeconfig, message.kubeconfig, { mode: 0o600 });
  return {
    ...message,
    kubeconfig,
    /** What the cluster was asked so far. */
    counts: () =>
      new Promise<{ watches: number; reviews: number; requests: number }>((resolve) => {
        child.once('message', (counts) => resolve(counts as never));
        child.send('count');
      }),
    stop: () => stop(child, () => child.disconnect()),
  };
}

/** Starts `writ serve` for the cluster in its own process. */
export function serve(kubeconfig: string, settings: Record<string, string> = {}): Promise<ApiProcess> {
  return start('serve', 'backend', kubeconfig, settings) as Promise<ApiProcess>;
}

/** Starts `writ controller` for the cluster in its own process. */
export function runController(kubeconfig: string): Promise<WritProcess> {
  return start('controller', 'controller', kubeconfig, {});
}

async function start(
  command: string,
  context: string,
  kubeconfig: string,
  settings: Record<string, string>,
): Promise<WritProcess> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=8', 'src/main.ts', command, '--kubeconfig', kubeconfig],
    {
      env: {
        ...process.env,
        WRIT_PORT: '0',
        WRIT_ADMIN_PORT: '0',
        WRIT_BACKEND_CONTEXT: context,
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const urls = await new Promise<{ url?: string; adminUrl: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`writ ${command} exited with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { url, adminUrl } = line.startsWith('{') ? JSON.parse(line) : {};
      if (adminUrl) resolve({ url, adminUrl });
    });
  });
  return {
    ...urls,
    startMs: performance.now() - startedAt,
    residentMb: () => {
      const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes) / 1024;
    },
    cpuMs: () => {
      // proc_pid_stat(5): utime and stime, in ticks of 10 ms. The name before them is in parentheses.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    stop: () => stop(child, () => child.kill('SIGTERM')),
  };
}

function stop(child: ChildProcess, signal: () => void): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    signal();
  });
}
