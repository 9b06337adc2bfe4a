import { setTimeout as delay } from 'node:timers/promises';
import { toWritError, Unavailable } from '../errors.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import type { RunTemplate } from '../sessions/run/run-template.ts';
import { ControllerCluster } from './controller-cluster.ts';
import type { Leadership } from './leadership.ts';
import { Lease } from './lease.ts';
import { Observed, type WatchSource } from './observed.ts';
import { Reconciler } from './reconcile.ts';
import { Sweep } from './sweep.ts';
import { CONTROLLER_TIMINGS, type ControllerTimings } from './timings.ts';
import { WorkQueue } from './work-queue.ts';

/** What of a pino logger the controller uses. */
export interface ControllerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: object): ControllerLogger;
}

export interface ControllerOptions {
  /**
   * For the lease, with one connection, so that its calls wait behind no others and only one can fall silent; for watches,
   * each of which keeps a connection for itself; for all other calls. They are the caller's to close.
   */
  transports: { lease: ClusterTransport; watches: ClusterTransport; calls: ClusterTransport };
  /** The Authorization header of the controller's own service account. */
  credential: () => Promise<string | undefined>;
  runTemplate: RunTemplate;
  /** `operator`: sessions and their runs belong to an operator that is on the cluster already; nothing is done. */
  runner: 'job' | 'operator';
  logger: ControllerLogger;
  /** Of this replica, and of no other that ever was: a pod's name and a random part. */
  identity: string;
  /** Where the lease is. */
  namespace: string;
  timings?: ControllerTimings;
}

export interface Controller {
  start(): Promise<void>;
  /** Rejects with Unavailable while it cannot do its work. One that waits for the lease is ready. */
  ready(): Promise<void>;
  /** Ends what is being done, and gives the lease back. */
  close(): Promise<void>;
}

export const LEASE_NAME = 'writ-controller';

/** The backend's own duties: status, repair, stop, renewal, clean-up. No request reaches it. */
export function createController(options: ControllerOptions): Controller {
  const { transports, credential, runner, runTemplate, logger, identity, namespace } = options;
  const { timings = CONTROLLER_TIMINGS } = options;
  const auditLog = logger.child({ audit: true });
  const closing = new AbortController();
  const lease = new Lease({
    transport: transports.lease,
    credential,
    namespace,
    name: LEASE_NAME,
    identity,
    timings: timings.lease,
    logger,
  });
  let running: Promise<void> | undefined;
  let observed: Observed | undefined;

  return {
    async start() {
      if (runner === 'operator')
        return logger.info({}, 'runs are an operator\u2019s: there is nothing to do');
      running ??= lease.run(closing.signal, lead);
    },
    async ready() {
      if (runner === 'operator') return;
      if (!lease.isReachable) throw new Unavailable('The lease cannot be read');
      if (observed?.watches.some((watch) => !watch.isCurrent))
        throw new Unavailable('The cluster cannot be watched');
    },
    async close() {
      closing.abort();
      await running;
    },
  };

  async function lead(leadership: Leadership): Promise<void> {
    const signal = AbortSignal.any([closing.signal, leadership.signal]);
    const cluster = new ControllerCluster({
      transport: transports.calls,
      credential,
      leadership,
      identity,
      audit: (record) => auditLog.info(record, 'act of the controller'),
    });
    const queue: WorkQueue = new WorkQueue({
      ...timings.queue,
      work: (key) => reconciler.reconcile(key),
      onError: (key, error) => {
        if (!signal.aborted) logProblem(key, error);
      },
    });
    const source = { transport: transports.watches, credential, identity: 'backend', id: identity } as const;
    const onProblem: WatchSource['onProblem'] = (error, { resource }) =>
      logger.warn({ err: error, about: resource }, 'a watch has failed and will be tried again');
    const seen = new Observed({ ...source, timings: timings.watch, onProblem }, (key) => queue.add(key));
    observed = seen;
    const reconciler = new Reconciler({ observed: seen, cluster, runTemplate, timings });
    const watching = seen.watches.map((watch) => follow(() => watch.run(signal), signal));
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    if (signal.aborted) return;
    // Before all is known, a run could look as if it were missing.
    await Promise.race([stopped, Promise.all(seen.watches.map(({ synced }) => synced))]);
    if (!signal.aborted) queue.start();
    const sweeping = sweepUntil(signal, seen, cluster);
    await stopped;
    await Promise.all([queue.close(), sweeping, ...watching]);
    observed = undefined;
  }

  /** A watch that the cluster refuses is tried again, slowly: somebody has to give the right. */
  async function follow(run: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await run();
      } catch (error) {
        logger.error({ err: error }, 'the cluster refuses a watch to the controller');
        await delay(timings.refusedMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  async function sweepUntil(signal: AbortSignal, seen: Observed, cluster: ControllerCluster): Promise<void> {
    const onError = (project: string, error: unknown) => {
      if (!signal.aborted) logProblem(project, error);
    };
    const sweep = new Sweep({ observed: seen, cluster, graceMs: timings.sweep.graceMs, onError });
    while (!signal.aborted) {
      await sweep.run(signal);
      await delay(timings.sweep.everyMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Conflicts are how the cluster says that something has changed meanwhile: it is looked at again anyway. */
  function logProblem(about: string, error: unknown): void {
    if (toWritError(error).code === 'CONFLICT') return;
    logger.warn({ err: error, about }, 'will be tried again');
  }
}
