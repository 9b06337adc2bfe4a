import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { CALL_BUCKETS } from './labels.ts';
import { gauge } from './process-metrics.ts';

interface ControllerMetricsOptions {
  registry: Registry;
  queues: readonly string[];
  /** Whether an error says only that the object has changed meanwhile: another pass follows, and nothing has failed. */
  isConflict: (error: unknown) => boolean;
}

/** In seconds: a queued key can wait for a watch, or behind many others. */
const WAIT_BUCKETS = [...CALL_BUCKETS, 30, 60, 300];

/** Queues by the names that client-go's have in Kubernetes' own controllers, passes, and writes. */
export function createControllerMetrics({ registry, queues, isConflict }: ControllerMetricsOptions) {
  const registers = [registry];
  const labelNames = ['queue'] as const;
  const adds = new Counter({
    name: 'writ_workqueue_adds_total',
    help: 'Keys that were queued.',
    labelNames,
    registers,
  });
  const retries = new Counter({
    name: 'writ_workqueue_retries_total',
    help: 'Keys that are to be processed again because their pass failed.',
    labelNames,
    registers,
  });
  const wait = new Histogram({
    name: 'writ_workqueue_wait_seconds',
    help: 'How long keys were queued.',
    labelNames,
    buckets: WAIT_BUCKETS,
    registers,
  });
  const work = new Histogram({
    name: 'writ_workqueue_work_seconds',
    help: 'How long passes have taken.',
    labelNames,
    buckets: WAIT_BUCKETS,
    registers,
  });
  const reconciled = new Counter({
    name: 'writ_reconcile_total',
    help: 'Passes by their result; after a conflict the object is requeued. A sweep has an error for each project that failed.',
    labelNames: ['controller', 'result'],
    registers,
  });
  const acts = new Counter({
    name: 'writ_controller_acts_total',
    help: 'Writes of the controller, by act and outcome.',
    labelNames: ['act', 'outcome'],
    registers,
  });
  const resultOf = (result: string, error: unknown) =>
    result === 'error' && isConflict(error) ? 'requeued' : result;

  return {
    queue(queue: string) {
      const labels = { queue };
      for (const counter of [adds, retries]) counter.inc(labels, 0);
      for (const histogram of [wait, work]) histogram.zero(labels);
      return {
        added: () => adds.inc(labels),
        retried: () => retries.inc(labels),
        started: (waitedMs: number) => wait.observe(labels, waitedMs / 1_000),
        ended(durationMs: number, result: string, error?: unknown) {
          work.observe(labels, durationMs / 1_000);
          reconciled.inc({ controller: queue, result: resultOf(result, error) });
        },
      };
    },
    acted: ({ act, outcome }: { act: string; outcome: string }) => acts.inc({ act, outcome }),
    swept: (result: string, error?: unknown) =>
      reconciled.inc({ controller: 'sweep', result: resultOf(result, error) }),
    /** @param figures of the controller at this moment */
    expose(figures: () => { isLeader: boolean; queued: Record<string, number> }): void {
      gauge(registry, 'writ_leader', 'Whether this replica is the leader: 1 or 0.', () =>
        figures().isLeader ? 1 : 0,
      );
      new Gauge({
        name: 'writ_workqueue_depth',
        help: 'Keys that are queued.',
        labelNames,
        registers,
        collect() {
          const { queued } = figures();
          for (const queue of queues) this.set({ queue }, queued[queue] ?? 0);
        },
      });
    },
  };
}
