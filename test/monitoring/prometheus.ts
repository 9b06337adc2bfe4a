import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { DESCRIBE, started } from '../support/hooks.ts';
import { ruleFiles } from '../support/monitoring.ts';
import { programPath } from './programs.ts';

interface Target {
  job: string;
  pod: string;
  adminUrl: string;
}

/** A result of a query. */
export interface Sample {
  metric: Record<string, string>;
  value: [time: number, value: string];
}

/** As `/api/v1/parse_query` has it, with the parts that are read here. */
export interface Node {
  type: string;
  name?: string;
  matchers?: { name: string; type: string; value: string }[];
  [part: string]: unknown;
}

/** A Prometheus that scrapes these processes, with the labels that the PodMonitors give them, and evaluates the rules. */
export function startPrometheus(targets: () => Target[], hooks = DESCRIBE) {
  const current = started(
    hooks,
    () => start(targets()),
    ({ stop }) => stop(),
  );
  /** @throws with what Prometheus says of it */
  async function get<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${current().url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { data, error } = (await response.json()) as { data: T; error?: string };
    if (error !== undefined) throw new Error(`${path} ${JSON.stringify(parameters)}: ${error}`);
    return data;
  }
  return {
    get,
    query: async (query: string) => (await get<{ result: Sample[] }>('query', { query })).result,
    parsed: (query: string) => get<Node>('parse_query', { query }),
    /** The names of the labels of a metric's series. */
    labelsOf: (metric: string) => get<string[]>('labels', { 'match[]': metric }),
  };
}

async function start(targets: Target[]) {
  const folder = mkdtempSync(join(tmpdir(), 'writ-prometheus-'));
  for (const [name, groups] of ruleFiles()) writeFileSync(join(folder, name), stringify({ groups }));
  writeFileSync(join(folder, 'prometheus.yaml'), stringify(configuration(targets)));
  const port = await freePort();
  const child = spawn(
    programPath('prometheus'),
    [
      '--config.file=prometheus.yaml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(targets: Target[]) {
  return {
    global: { scrape_interval: '3s', scrape_timeout: '3s', evaluation_interval: '3s' },
    rule_files: [...ruleFiles().keys()],
    scrape_configs: [...Map.groupBy(targets, ({ job }) => job)].map(([job_name, replicas]) => ({
      job_name,
      static_configs: replicas.map(({ pod, adminUrl }) => ({
        targets: [new URL(adminUrl).host],
        labels: { namespace: 'writ-system', pod },
      })),
    })),
  };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/-/ready`).catch(() => undefined);
  return response?.status === 200;
}

/** Prometheus cannot be asked which port it has chosen. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
