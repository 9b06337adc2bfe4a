import { setTimeout as delay } from 'node:timers/promises';
import { listContestants } from './list.ts';
import { interleave, printTable } from './measure.ts';
import { type Serving, serve, startCluster } from './process.ts';

const STARTS = 5;
const PLAN = { rounds: 8, callsPerRound: 320, concurrency: 16 };

const cluster = await startCluster();
try {
  await printStart(cluster.kubeconfig);
  const writ = await serve(cluster.kubeconfig);
  try {
    const figures = await interleave(await listContestants(cluster, writ.url), PLAN);
    printTable(`a page of 50 sessions, ten fields, over TLS, concurrency ${PLAN.concurrency}`, figures);
    process.stdout.write(`memory after the load: ${writ.residentMb().toFixed(0)} MB\n`);
  } finally {
    await writ.stop();
  }
} finally {
  await cluster.stop();
}
process.exit();

async function printStart(kubeconfig: string): Promise<void> {
  const times: number[] = [];
  let resting = Number.NaN;
  for (let start = 0; start < STARTS; start += 1) {
    const writ: Serving = await serve(kubeconfig);
    times.push(writ.startMs);
    if (start === STARTS - 1) {
      await delay(3_000);
      resting = writ.residentMb();
    }
    await writ.stop();
  }
  const [median] = times.sort((a, b) => a - b).slice(Math.floor(STARTS / 2));
  process.stdout.write(
    `serve: starts in ${median?.toFixed(0)} ms (median of ${STARTS}), ${resting.toFixed(0)} MB at rest\n`,
  );
}
