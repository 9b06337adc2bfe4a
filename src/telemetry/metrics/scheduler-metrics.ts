import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FairScheduler } from '../../budgets/fair-scheduler.ts';
import { CALL_BUCKETS } from './labels.ts';

/** How long calls wait for their turn, by scheduler. */
export function createWaitMetrics(registry: Registry) {
  const wait = new Histogram({
    name: 'writ_scheduler_wait_seconds',
    help: "How long calls, and requests, have waited for their user's turn.",
    labelNames: ['scheduler'],
    buckets: CALL_BUCKETS,
    registers: [registry],
  });
  return (scheduler: string) => {
    const labels = { scheduler };
    wait.zero(labels);
    return (waitedMs: number): void => wait.observe(labels, waitedMs / 1_000);
  };
}

/** What is queued, running and refused, by scheduler and by no user. */
export function exposeSchedulers(
  registry: Registry,
  schedulers: Record<string, Pick<FairScheduler, 'figures'>>,
): void {
  const registers = [registry];
  const labelNames = ['scheduler'] as const;
  new Gauge({
    name: 'writ_scheduler_queued',
    help: "Calls, and requests, that wait for their user's turn.",
    labelNames,
    registers,
    collect() {
      for (const [scheduler, { figures }] of Object.entries(schedulers))
        this.set({ scheduler }, figures.queued);
    },
  });
  new Gauge({
    name: 'writ_scheduler_running',
    help: 'Calls, and requests, whose turn it is.',
    labelNames,
    registers,
    collect() {
      for (const [scheduler, { figures }] of Object.entries(schedulers)) {
        this.set({ scheduler }, figures.inFlight);
      }
    },
  });
  new Counter({
    name: 'writ_scheduler_rejected_total',
    help: "Calls, and requests, that were refused because the user's queue, or that of the process, was full.",
    labelNames: [...labelNames, 'reason'],
    registers,
    collect() {
      this.reset();
      for (const [scheduler, { figures }] of Object.entries(schedulers)) {
        this.inc({ scheduler, reason: 'user' }, figures.refusedByUser);
        this.inc({ scheduler, reason: 'process' }, figures.refusedByProcess);
      }
    },
  });
}
