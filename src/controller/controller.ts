import { setTimeout as delay } from 'node:timers/promises';
import { toWritError, Unavailable } from '../errors.ts';
import type { Credential } from '../kubernetes/connection/credential.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import type { Runners } from '../model/run-template.ts';
import type { ComponentLogger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { ControllerFigures, ControllerObserver, QueueName } from './controller-observer.ts';
import { createKeySecret } from './key-secret.ts';
import { LeaderElector } from './runtime/leader-elector.ts';
import type { Leadership } from './runtime/leadership.ts';
import { watchConnections } from './runtime/watch-connections.ts';
import { WorkQueue } from './runtime/work-queue.ts';
import { ScheduleCache } from './schedule/schedule-cache.ts';
import { ScheduleReconciler } from './schedule/schedule-reconciler.ts';
import { OrphanSweep } from './session/orphan-sweep.ts';
import type { AnyInformer } from './session/project-cache.ts';
import { type ControllerActRecord, ReconcileClient } from './session/reconcile-client.ts';
import { Reconciler } from './session/reconciler.ts';
import { namespaceOfKey, SessionCache } from './session/session-cache.ts';
import { CONTROLLER_TIMINGS, type ControllerTimings } from './timings.ts';

export interface ControllerOptions {
  /** Pools of connections, which the caller closes. */
  transports: {
    /** A single connection, so that calls for the lease never wait for others. */
    lease: ClusterTransport;
    /** Each watch occupies a connection. */
    watches: ClusterTransport;
    calls: ClusterTransport;
  };
  /** The controller's own service account. */
  credential: Credential;
  /** In operator mode the controller creates the shared key and looks after schedules, and leaves sessions to the operator. */
  runners: Runners;
  logger: ComponentLogger;
  /** Identifies this replica. Never used again, not even after a restart. */
  identity: string;
  /** Writ's own namespace, of the Lease and the shared key. */
  namespace: string;
  /** How long a schedule runs after its last edit. */
  scheduleOwnerMaxAgeDays: number;
  timings?: ControllerTimings;
  observer?: ControllerObserver | undefined;
  tracing?: Pick<Tracing, 'pass' | 'passObserver'>;
}

export interface Controller {
  readonly figures: ControllerFigures;
  start(): Promise<void>;
  /** Rejects with Unavailable while the lease cannot be read or a watch fails. A replica that waits for the lease is ready. */
  ready(): Promise<void>;
  /** Waits for the passes in progress, then releases the lease. */
  close(): Promise<void>;
}

const LEASE_NAME = 'writ-controller';

/** Updates statuses, repairs and stops runs, renews tokens and cleans up, as long as this replica is the leader. */
export function createController(options: ControllerOptions): Controller {
  const { transports, credential, runners, logger, identity, namespace, observer, tracing } = options;
  const { timings = CONTROLLER_TIMINGS } = options;
  const runsSessions = runners.mode !== 'operator';
  const auditLog = logger.child({ audit: true });
  const audit = (record: ControllerActRecord) => {
    auditLog.info(record, 'controller act');
    observer?.acted(record);
  };
  const closing = new AbortController();
  const elector = new LeaderElector({
    transport: transports.lease,
    credential,
    namespace,
    name: LEASE_NAME,
    identity,
    timings: timings.lease,
    logger,
  });
  let running: Promise<void> | undefined;
  let creatingKey: Promise<void> | undefined;
  /** While this replica is the leader. */
  let activeInformers: readonly AnyInformer[] = [];
  let activeQueues: Partial<Record<QueueName, WorkQueue>> = {};
  let term: Leadership | undefined;
  let watchFailure: Error | undefined;

  return {
    get figures() {
      const { session, schedule } = activeQueues;
      const queued = { session: session?.depth ?? 0, schedule: schedule?.depth ?? 0 };
      return { isLeader: term?.isHeld === true, queued };
    },
    async start() {
      const { calls: transport } = transports;
      const keySecret = { transport, credential, namespace, identity, audit, logger };
      creatingKey ??= createKeySecret({ ...keySecret, retryMs: timings.keyRetryMs }, closing.signal);
      if (!runsSessions) logger.info({}, 'an operator on the cluster runs the sessions');
      running ??= elector.run(closing.signal, lead);
    },
    async ready() {
      if (!elector.isReachable) throw unready('The lease cannot be read', elector.failure);
      if (activeInformers.some((informer) => !informer.isHealthy))
        throw unready('The cluster cannot be watched', watchFailure);
    },
    async close() {
      closing.abort();
      await Promise.all([running, creatingKey]);
    },
  };

  async function lead(leadership: Leadership): Promise<void> {
    term = leadership;
    const signal = AbortSignal.any([closing.signal, leadership.signal]);
    const newClient = () =>
      new ReconcileClient({
        transport: transports.calls,
        credential,
        leadership,
        identity,
        audit,
        onReview: observer?.reviewed,
        // The last call has this number in its Audit-ID: the cluster's audit log can be compared.
        onEnd: (pass) => logger.info(pass, 'pass'),
        ...(tracing && { observer: tracing.passObserver }),
      });
    const queue: WorkQueue = new WorkQueue({
      ...timings.queue,
      groupOf: namespaceOfKey,
      process: traced('reconcile session', (key) => reconciler.reconcile(key)),
      onError: (session, error) => logFailure(signal, { session }, error),
      observer: observer?.queues.session,
    });
    const informerOptions = {
      connect: watchConnections({ transport: transports.watches, credential, id: identity }),
      timings: timings.watch,
      onError: (error: unknown, { resource }: { resource: string }) => {
        noteWatchFailure(error);
        logger.warn({ err: error, resource }, 'watch failed, will be retried');
      },
    };
    const cache = new SessionCache(informerOptions, (key) => {
      if (runsSessions) queue.add(key);
      schedules.sessionChanged(key, cache.session(key));
    });
    const scheduleQueue: WorkQueue = new WorkQueue({
      ...timings.queue,
      groupOf: namespaceOfKey,
      process: traced('reconcile schedule', (key) => scheduleReconciler.reconcile(key)),
      onError: (schedule, error) => logFailure(signal, { schedule }, error),
      observer: observer?.queues.schedule,
    });
    const schedules = new ScheduleCache(informerOptions, (key) => scheduleQueue.add(key));
    const scheduleReconciler = new ScheduleReconciler({
      schedules,
      sessions: cache,
      newClient,
      timings: timings.schedules,
      ownerMaxAgeDays: options.scheduleOwnerMaxAgeDays,
      runsSessions,
      onSuspended: (schedule, reason) => logger.warn({ schedule, reason }, 'suspended a schedule'),
    });
    activeInformers = [...cache.informers, schedules.informer];
    activeQueues = { session: queue, schedule: scheduleQueue };
    const reconciler = new Reconciler({
      cache,
      newClient,
      runners,
      timings,
      onGivenUp: (session, { reason }) =>
        logger.warn(
          { session, reason },
          'failed to create the run, will be retried when its session changes or after a long time',
        ),
      onEventFailure: (error) => logger.warn({ err: error }, 'event not recorded'),
    });
    const endOfChanges = runners.onChange?.(() => {
      for (const key of cache.keys()) queue.add(key);
    });
    const watches = activeInformers.map((informer) => watchUntil(signal, informer));
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve());
    });
    // Before all informers are synced, a run could seem to be missing.
    await Promise.race([stopped, Promise.all(cache.informers.map(({ synced }) => synced))]);
    if (!signal.aborted && runsSessions) queue.start();
    // A cluster whose roles are older than this controller forbids the watch of schedules alone.
    const starting = Promise.race([stopped, schedules.informer.synced]).then(() => {
      if (!signal.aborted) scheduleQueue.start();
    });
    const sweeping = runsSessions ? sweepUntil(signal, cache, newClient) : undefined;
    await stopped;
    endOfChanges?.();
    await Promise.all([queue.close(), scheduleQueue.close(), starting, sweeping, ...watches]);
    activeInformers = [];
    activeQueues = {};
  }

  function traced<T>(name: string, reconcile: (key: string) => Promise<T>): (key: string) => Promise<T> {
    return (key) =>
      tracing ? tracing.pass(name, namespaceOfKey(key), () => reconcile(key)) : reconcile(key);
  }

  function noteWatchFailure(error: unknown): void {
    if (error instanceof Error) watchFailure = error;
  }

  /**
   * Retries an informer that the cluster forbids. An API server that has just started knows no RBAC objects for a moment; else
   * an administrator has to grant the right, so that the delays become long.
   */
  async function watchUntil(signal: AbortSignal, informer: AnyInformer): Promise<void> {
    const { baseMs, maxMs } = timings.forbiddenWatch;
    let waitMs = baseMs;
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        await informer.run(signal);
      } catch (error) {
        noteWatchFailure(error);
        logger.error({ err: error }, 'watch forbidden by the cluster, will be retried');
        if (performance.now() - startedAt > maxMs) waitMs = baseMs;
        await delay(waitMs, undefined, { signal }).catch(() => {});
        waitMs = Math.min(2 * waitMs, maxMs);
      }
    }
  }

  async function sweepUntil(
    signal: AbortSignal,
    cache: SessionCache,
    newClient: () => ReconcileClient,
  ): Promise<void> {
    const onError = (project: string, error: unknown) => {
      logFailure(signal, { project }, error);
      if (!signal.aborted) observer?.swept('error', error);
    };
    const sweep = new OrphanSweep({ cache, newClient, graceMs: timings.sweep.graceMs, onError });
    while (!signal.aborted) {
      await sweep.run(signal);
      if (!signal.aborted) observer?.swept('done');
      await delay(timings.sweep.everyMs, undefined, { signal }).catch(() => {});
    }
  }

  /** A conflict is not logged: the object has changed, and the change causes another pass. */
  function logFailure(signal: AbortSignal, about: object, error: unknown): void {
    if (signal.aborted || toWritError(error).code === 'CONFLICT') return;
    logger.warn({ err: error, ...about }, 'reconciliation failed, will be retried');
  }
}

function unready(message: string, cause: Error | undefined): Unavailable {
  return new Unavailable(message, {}, cause && { cause });
}
