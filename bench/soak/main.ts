import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { runController, serve, startCluster } from '../process.ts';
import type { Result } from './client.ts';
import { FAULTS, startFaultyNetwork } from './network.ts';
import { lows, percentile, type Sample, slopePerMinute, takeSample } from './samples.ts';
import { createUsers, followSessions, work } from './users.ts';

/*
 * Fifty users work for ten minutes, each with a subscription, while the network to the cluster fails every half minute. Prints what
 * memory and handles did, and how many operations failed: while a fault lasted and for a moment after it, and otherwise.
 */

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const USERS = 50;
const SAMPLE_MS = 5_000;
const FAULT_EVERY_MS = 30_000;
/** Calls have deadlines, and connections are made anew, after a fault. */
const RECOVERY_MS = 5_000;
/** The share of operations that may fail while nothing is wrong. */
const ERROR_BUDGET = 0.001;
/** Answers that say what is so, and are no failure: another request acts on the session, or it was deleted. */
const EXPECTED = new Set(['OK', 'CONFLICT', 'NOT_FOUND']);
const MIB = 1024 * 1024;

const say = (text: string) => process.stdout.write(`${text}\n`);

const cluster = await startCluster('soak/cluster.ts');
const network = await startFaultyNetwork(cluster.server);
writeFileSync(
  cluster.kubeconfig,
  readFileSync(cluster.kubeconfig, 'utf8').replaceAll(cluster.server, network.server),
);
const controller = await runController(cluster.kubeconfig);
const writ = await serve(cluster.kubeconfig, { WRIT_ADMIN_ACCESS_KEYS: 'true' });
try {
  await soak();
} finally {
  await writ.stop();
  await controller.stop();
  network.close();
  await cluster.stop();
}
process.exit();

async function soak(): Promise<void> {
  const users = await createUsers(writ.url, cluster.admin, USERS);
  const atRest = await takeSample(writ.adminUrl);
  const end = AbortSignal.timeout(MINUTES * 60_000);
  const outcomes: { operation: string; result: Result; duringFault: boolean }[] = [];
  const followed = { events: 0, ends: 0 };
  let faultUntil = 0;
  let faults = 0;
  const samples: Sample[] = [];
  const repeat = async (everyMs: number, act: () => Promise<void>) => {
    while (!end.aborted) {
      await delay(everyMs, undefined, { signal: end }).catch(() => {});
      if (!end.aborted) await act();
    }
  };
  await Promise.all([
    ...users.map((user) =>
      work(writ.url, user, end, (operation, result) => {
        const duringFault = performance.now() - result.ms < faultUntil;
        outcomes.push({ operation, result, duringFault });
      }),
    ),
    ...users.map((user) =>
      followSessions(writ.url, user, end, (what, count) => {
        followed[what] += count;
      }),
    ),
    repeat(SAMPLE_MS, async () => void samples.push(await takeSample(writ.adminUrl))),
    repeat(FAULT_EVERY_MS, async () => {
      faultUntil = Number.POSITIVE_INFINITY;
      await network.inject(FAULTS[faults++ % FAULTS.length] ?? 'cut');
      faultUntil = performance.now() + RECOVERY_MS;
    }),
  ]);
  // Watches end some seconds after their last subscriber, and connections are kept for a while.
  await delay(20_000);
  const afterwards = await takeSample(writ.adminUrl);

  say(`${MINUTES} minutes, ${USERS} users, ${faults} faults (${FAULTS.join(', ')}), Node ${process.version}`);
  printOperations(outcomes);
  say(`subscriptions: ${followed.events} events, ended and begun again ${followed.ends} times`);
  printErrors(outcomes);
  printMemory(samples, atRest, afterwards);
}

function printOperations(outcomes: { operation: string; result: Result }[]): void {
  for (const [operation, each] of Map.groupBy(outcomes, (outcome) => outcome.operation)) {
    const times = each.map(({ result }) => result.ms);
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)].map((ms) => ms.toFixed(0));
    const codes = [...Map.groupBy(each, ({ result }) => result.code)].map(
      ([code, list]) => `${code} ${list.length}`,
    );
    say(
      `${operation.padEnd(9)} ${String(each.length).padStart(6)}  p50 ${p50} ms, p99 ${p99} ms  ${codes.join(', ')}`,
    );
  }
}

function printErrors(outcomes: { result: Result; duringFault: boolean }[]): void {
  const calm = outcomes.filter(({ duringFault }) => !duringFault);
  const failed = calm.filter(({ result }) => !EXPECTED.has(result.code));
  const disturbed = outcomes.length - calm.length;
  const failedDisturbed = outcomes.filter(
    ({ result, duringFault }) => duringFault && !EXPECTED.has(result.code),
  ).length;
  const share = failed.length / calm.length;
  say(
    `while nothing was wrong: ${failed.length} of ${calm.length} failed, ${((100 * share) / ERROR_BUDGET).toFixed(0)} % of the error budget`,
  );
  say(`during faults and ${RECOVERY_MS / 1_000} s after each: ${failedDisturbed} of ${disturbed} failed`);
}

function printMemory(samples: Sample[], atRest: Sample, afterwards: Sample): void {
  // Caches and V8's heap grow at first.
  const settled = samples.slice(Math.floor(samples.length / 3));
  const heap = lows(settled, 'nodejs_heap_size_used_bytes', 6);
  const slope = (of: Sample[], name: string) => (slopePerMinute(of, name) / MIB).toFixed(2);
  const peak = Math.max(...samples.map((sample) => sample.process_resident_memory_bytes ?? 0)) / MIB;
  say(
    `memory: ${peak.toFixed(0)} MiB resident at most; after the first third ${slope(settled, 'process_resident_memory_bytes')} MiB a minute resident, ${slope(heap, 'nodejs_heap_size_used_bytes')} MiB a minute of heap after collections`,
  );
  const lag = samples.map((sample) => sample.nodejs_eventloop_lag_p99_seconds ?? 0);
  say(`event loop: p99 lag ${(1_000 * percentile(lag, 0.5)).toFixed(0)} ms (median of the samples)`);
  for (const name of [
    'process_open_fds',
    'nodejs_active_handles_total',
    'writ_subscriptions',
    'writ_watches',
    'writ_websockets',
    'writ_memory_budget_used_bytes',
  ])
    say(`${name}: ${atRest[name]} before, ${afterwards[name]} after all have left`);
}
