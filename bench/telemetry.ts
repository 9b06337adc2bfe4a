import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'undici';
import { median, runConcurrently } from './measure.ts';
import { startCluster } from './process.ts';

/** What telemetry costs a page of 50 sessions: the first variant has none. Each is a process of its own. */
const VARIANTS = ['plain', 'metrics'];
const PLAN = { rounds: 24, roundMs: 400, concurrency: 4 };
const SCRAPES = 200;

const QUERY = `{
  project(name: "demo") {
    sessions(first: 50, labelSelector: "bench=true") {
      nodes { id name displayName phase createdAt resourceVersion initialPrompt timeoutSeconds llmSettings { model } repos { url } }
    }
  }
}`;

interface Api {
  variant: string;
  child: ChildProcess;
  adminUrl: string;
  call: () => Promise<void>;
}

/** Of one round: of the processor for a page, and the median latency, in ms. */
interface Round {
  cpu: number;
  latency: number;
}

const cluster = await startCluster();
const apis = await Promise.all(VARIANTS.map(start));
const rounds: Round[][] = [];
for (let round = -2; round < PLAN.rounds; round += 1) {
  // Each is first in turn.
  const order = round % 2 === 0 ? apis : apis.toReversed();
  const measured = new Map<string, Round>();
  for (const api of order) measured.set(api.variant, await measure(api));
  // The first rounds are the warm-up.
  if (round >= 0) rounds.push(apis.map(({ variant }) => measured.get(variant) as Round));
}
printRatios();
await printScrape();
for (const { child } of apis) child.disconnect();
await cluster.stop();
process.exit();

async function measure(api: Api): Promise<Round> {
  const before = await cpuOf(api);
  const latencies = await runConcurrently(api.call, PLAN);
  return { cpu: ((await cpuOf(api)) - before) / latencies.length, latency: median(latencies) };
}

/** The median of the ratios of all rounds: another process that slows down one of them does not matter. */
function printRatios(): void {
  for (const [n, { variant }] of apis.entries()) {
    const columns = (['cpu', 'latency'] as const).map((key) => {
      const of = (index: number) => rounds.map((round) => round[index]?.[key] ?? Number.NaN);
      const ratios = of(n).map((value, round) => value / (of(0)[round] ?? Number.NaN));
      return `${key} ${median(of(n)).toFixed(2)} ms, ratio ${median(ratios).toFixed(3)}`;
    });
    process.stdout.write(`${variant}: a page of 50 sessions: ${columns.join('; ')}\n`);
  }
}

async function start(variant: string): Promise<Api> {
  const child = fork(new URL('telemetry-api.ts', import.meta.url), [cluster.kubeconfig, variant], {
    execArgv: ['--max-semi-space-size=8'],
  });
  const [{ url, adminUrl }] = (await once(child, 'message')) as [{ url: string; adminUrl: string }];
  return { variant, child, adminUrl, call: pageOf50(url) };
}

async function cpuOf({ child }: { child: ChildProcess }): Promise<number> {
  const answer = once(child, 'message') as Promise<[{ cpuMs: number }]>;
  child.send('cpu');
  return (await answer)[0].cpuMs;
}

function pageOf50(url: string): () => Promise<void> {
  const dispatcher = new Agent({ connections: PLAN.concurrency });
  const headers = { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: QUERY });
  return async () => {
    const response = await request(url, { method: 'POST', dispatcher, headers, body });
    const text = await response.body.text();
    if (response.statusCode !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 500));
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
