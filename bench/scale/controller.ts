import { setTimeout as delay } from 'node:timers/promises';
import type { Kubernetes } from '../live-clients.ts';
import { runController } from '../process.ts';
import { putSessions } from './population.ts';
import { printTable, say } from './report.ts';
import { metric } from './upstream.ts';

/** Of a new controller at each number of sessions: how long it takes, and how much memory. */
export async function measureController(
  k8s: Kubernetes,
  kubeconfig: string,
  { projects, counts }: { projects: number; counts: number[] },
): Promise<void> {
  const rows = [];
  let from = 0;
  for (const sessions of counts) {
    await putSessions(k8s, projects, from, sessions);
    // The first writes the status of the new sessions, the second finds nothing to do.
    for (const written of [sessions - from, 0]) {
      const startedAt = performance.now();
      const controller = await runController(kubeconfig);
      while (
        (await metric(controller, 'writ_reconcile_total')) < sessions ||
        (await metric(controller, 'writ_workqueue_depth'))
      )
        await delay(250);
      const seconds = (performance.now() - startedAt) / 1_000;
      await delay(3_000);
      const heap = (await metric(controller, 'nodejs_heap_size_used_bytes')) / 1024 ** 2;
      rows.push([sessions, written, seconds, controller.cpuMs() / sessions, controller.residentMb(), heap]);
      await controller.stop();
    }
    from = sessions;
  }
  say('The controller, from its start until its queue is empty');
  printTable(
    ['sessions', 'statuses written', 'seconds', 'CPU ms a session', 'MiB resident', 'MiB of heap'],
    rows,
  );
}
