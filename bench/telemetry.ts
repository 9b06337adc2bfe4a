import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'undici';
import { type Benchmark, interleave, printTable } from './measure.ts';
import { startCluster } from './process.ts';

/** What telemetry costs a page of 50 sessions: the first variant has none. Each is a process of its own. */
const VARIANTS = ['plain', 'metrics'];
const PLAN = { rounds: 16, callsPerRound: 160, concurrency: 8 };
const SCRAPES = 200;

const QUERY = `{
  project(name: "demo") {
    sessions(first: 50, labelSelector: "bench=true") {
      nodes { id name displayName phase createdAt resourceVersion initialPrompt timeoutSeconds llmSettings { model } repos { url } }
    }
  }
}`;

const cluster = await startCluster();
const apis = await Promise.all(VARIANTS.map(start));
const before = await Promise.all(apis.map(cpuOf));
printTable('a page of 50 sessions, over HTTP', await interleave(apis.map(pageOf50), PLAN));
const after = await Promise.all(apis.map(cpuOf));
const perPage = after.map(
  (cpuMs, n) => (cpuMs - (before[n] ?? 0)) / ((PLAN.rounds + 1) * PLAN.callsPerRound),
);
for (const [n, { variant }] of apis.entries()) {
  const ratio = (perPage[n] ?? Number.NaN) / (perPage[0] ?? Number.NaN);
  process.stdout.write(
    `${variant}: ${perPage[n]?.toFixed(2)} ms of CPU for a page, ratio ${ratio.toFixed(3)}\n`,
  );
}
await printScrape();
for (const { child } of apis) child.disconnect();
await cluster.stop();
process.exit();

async function start(variant: string) {
  const child = fork(new URL('telemetry-api.ts', import.meta.url), [cluster.kubeconfig, variant], {
    execArgv: ['--max-semi-space-size=8'],
  });
  const [{ url, adminUrl }] = (await once(child, 'message')) as [{ url: string; adminUrl: string }];
  return { variant, child, url, adminUrl };
}

async function cpuOf({ child }: { child: ChildProcess }): Promise<number> {
  const answer = once(child, 'message') as Promise<[{ cpuMs: number }]>;
  child.send('cpu');
  return (await answer)[0].cpuMs;
}

function pageOf50({ variant, url }: { variant: string; url: string }): Benchmark {
  const dispatcher = new Agent({ connections: PLAN.concurrency });
  const headers = { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: QUERY });
  return {
    name: variant,
    async call() {
      const response = await request(url, { method: 'POST', dispatcher, headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 500));
    },
  };
}

/** What the process does for Prometheus, once in a while. */
async function printScrape(): Promise<void> {
  const api = apis.find(({ variant }) => variant === 'metrics');
  if (!api) return;
  const startedAt = await cpuOf(api);
  let bytes = 0;
  for (let n = 0; n < SCRAPES; n += 1) {
    const { body } = await request(`${api.adminUrl}/metrics`);
    bytes = (await body.text()).length;
  }
  const cpuMs = ((await cpuOf(api)) - startedAt) / SCRAPES;
  process.stdout.write(`a scrape: ${cpuMs.toFixed(1)} ms of CPU, ${(bytes / 1024).toFixed(0)} KiB\n`);
}
