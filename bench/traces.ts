import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { interleave } from './measure.ts';
import { type ApiProcess, serve, startCluster } from './process.ts';
import { measurementTable } from './report.ts';

/** Fewer rounds with BENCH_ROUNDS, for a quick look. */
const PLAN = { rounds: Number(process.env.BENCH_ROUNDS ?? 8), roundMs: 400, concurrency: 8 };
const QUERY = `{
  project(name: "demo") {
    sessions(first: 50, labelSelector: "bench=true") {
      nodes { id name displayName phase createdAt resourceVersion initialPrompt timeoutSeconds llmSettings { model } repos { url } }
    }
  }
}`;

let exports = 0;
/** A collector that takes everything. It shares the machine, as a sidecar would. */
const collector = createServer((req, res) => {
  exports += 1;
  req.resume().on('end', () => res.writeHead(200).end());
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
const { port } = collector.address() as AddressInfo;
const on = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
const byRatio = (ratio: string) => ({
  ...on,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: ratio,
});
const SETTINGS: [string, Record<string, string>][] = [
  ['traces off', {}],
  ['1 % sampled', byRatio('0.01')],
  ['all sampled', on],
];

const cluster = await startCluster();
const writs: ApiProcess[] = [];
const http = new Agent({ connections: 64 });
try {
  const benchmarks = [];
  for (const [name, settings] of SETTINGS) {
    const writ = await serve(cluster.kubeconfig, settings);
    writs.push(writ);
    benchmarks.push({ name, call: () => page(writ.url), cpu: { server: () => writ.cpuMs() } });
    process.stdout.write(`${name}: starts in ${writ.startMs.toFixed(0)} ms\n`);
  }
  const measurements = await interleave(benchmarks, PLAN);
  process.stdout.write(
    `a page of 50 sessions over HTTP, ${PLAN.concurrency} at once; ratios to the first\n${measurementTable(measurements)}\n`,
  );
  for (const [index, writ] of writs.entries())
    process.stdout.write(`${SETTINGS[index]?.[0]}: ${writ.residentMb().toFixed(0)} MB\n`);
  process.stdout.write(`${exports} exports\n`);
} finally {
  await Promise.all(writs.map((writ) => writ.stop()));
  await cluster.stop();
}
process.exit();

async function page(url: string): Promise<void> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    dispatcher: http,
    headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  const text = await body.text();
  if (statusCode !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 500));
}
