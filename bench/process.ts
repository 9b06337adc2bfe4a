import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClusterKind } from './announce.ts';
import { ENVIRONMENT, FLAGS, program } from './program.ts';

/** What a process has taken so far. */
export interface Usage {
  /** Resident memory, in MB. */
  residentMb(): number;
  /** The most that was resident, in MB. */
  peakMb(): number;
  /** Processor time, in ms: unlike latencies, hardly changed by what else the machine does. */
  cpuMs(): number;
}

export interface WritProcess extends Usage {
  /** Of the admin server. */
  adminUrl: string;
  /** From the start of the process until it listens, in ms. */
  startMs: number;
  stop(): Promise<void>;
}

export interface ApiProcess extends WritProcess {
  url: string;
}

/** Another GraphQL server that Writ is compared with. */
export interface OtherServer extends Usage {
  url: string;
  stop(): Promise<void>;
}

interface ClusterMessage extends ClusterKind {
  server: string;
  ca: string;
  kubeconfig: string;
  /** Of alice, who may edit. */
  token: string;
  admin: string;
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

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
    apiServer: usageOf(message.apiServerPid),
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

/** Starts a program of bench/servers/, which sends its URL. */
export async function serveOther(program: string, kubeconfig: string): Promise<OtherServer> {
  const child = fork(new URL(`servers/${program}`, import.meta.url), [kubeconfig], {
    env: { ...process.env, ...ENVIRONMENT },
    execArgv: ['--max-semi-space-size=8'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { url, ...usageOf(child.pid), stop: () => stop(child, () => child.disconnect()) };
}

async function start(
  command: 'serve' | 'controller',
  context: string,
  kubeconfig: string,
  settings: Record<string, string>,
): Promise<WritProcess> {
  const path = await program();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...FLAGS, path, command, '--kubeconfig', kubeconfig], {
    env: {
      ...process.env,
      ...ENVIRONMENT,
      WRIT_PORT: '0',
      WRIT_ADMIN_PORT: '0',
      WRIT_BACKEND_CONTEXT: context,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const urls = await new Promise<{ url?: string; adminUrl: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`writ ${command} exited with ${code}`)));
    lines.on('line', (line) => {
      const { url, adminUrl } = line.startsWith('{') ? JSON.parse(line) : {};
      if (adminUrl) resolve({ url, adminUrl });
    });
  });
  const startMs = performance.now() - startedAt;
  // Nobody reads the rest of the log; a full pipe would stop Writ.
  lines.close();
  child.stdout.resume();
  return { ...urls, startMs, ...usageOf(child.pid), stop: () => stop(child, () => child.kill('SIGTERM')) };
}

function usageOf(pid: number | undefined): Usage {
  const memory = (name: string) => () => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  };
  return {
    residentMb: memory('VmRSS'),
    peakMb: memory('VmHWM'),
    cpuMs: () => {
      // proc_pid_stat(5): utime and stime, in ticks of 10 ms. The name before them is in parentheses.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
  };
}

function stop(child: ChildProcess, signal: () => void): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    signal();
  });
}
