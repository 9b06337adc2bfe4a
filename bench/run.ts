import { setTimeout as delay } from 'node:timers/promises';
import { listBenchmarks } from './list.ts';
import { interleave, printTable } from './measure.ts';
import { type ApiProcess, serve, startCluster } from './process.ts';

const STARTS = 5;
const PLAN = { rounds: 8, callsPerRound: 320, concurrency: 16 };

const cluster = await startCluster();
try {
  await printStartup(cluster.kubeconfig);
  const writ = await serve(cluster.kubeconfig);
  try {
    const measurements = await interleave(await listBenchmarks(cluster, writ.url), PLAN);
    printTable(
      `a page of 50 sessions with ten fields, over TLS, concurrency ${PLAN.concurrency}`,
      measurements,
    );
    process.stdout.write(`memory after the load: ${writ.residentMb().toFixed(0)} MB\n`);
  } finally {
    await writ.stop();
  }
} finally {
  await cluster.stop();
}
process.exit();

async function printStartup(kubeconfig: string): Promise<void> {
  const times: number[] = [];
  let idleMb = Number.NaN;
  for (let start = 0; start < STARTS; start += 1) {
    const writ: ApiProcess = await serve(kubeconfig);
    times.push(writ.startMs);
    if (start === STARTS - 1) {
      await delay(3_000);
      idleMb = writ.residentMb();
    }
    await writ.stop();
  }
  const [median] = times.sort((a, b) => a - b).slice(Math.floor(STARTS / 2));
  process.stdout.write(
    `writ serve: starts in ${median?.toFixed(0)} ms (median of ${STARTS}), ${idleMb.toFixed(0)} MB when idle\n`,
  );
}
