import type { Job } from '../../kubernetes/resources.ts';
import { STOP_REQUESTED_AT, STOPPED_INACTIVE_AT } from '../../model/labels-and-annotations.ts';
import { projectTemplate, type Runners } from '../../model/run-template.ts';
import type { AgenticSession, AgenticSessionStatus } from '../../model/session.ts';
import { finishedCondition, isActive, isBusy } from '../../sessions/run/job-state.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { inactiveInMs, isWanted, requestHasFailed } from '../../sessions/status/desired-state.ts';
import { RUN_EXISTS, type RunReason } from '../../sessions/status/run-reason.ts';
import { statusPatch } from '../../sessions/status/session-status.ts';
import type { Result } from '../runtime/work-queue.ts';
import type { SessionTimings } from '../timings.ts';
import { GivenUpStarts } from './given-up-starts.ts';
import { findLiveSession } from './live-session.ts';
import { PendingStarts } from './pending-starts.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { DONE, REQUEUE, runSteps } from './reconcile-result.ts';
import { repairRun } from './repair-run.ts';
import { deleteFinishedRuns, deleteJob, deleteRunsWithoutJob } from './run-cleanup.ts';
import { RunEvents } from './run-events.ts';
import { RunHistory } from './run-history.ts';
import type { Run, SessionCache } from './session-cache.ts';
import { SessionEvents } from './session-events.ts';
import { SessionWrites } from './session-writes.ts';
import { statusInputOf } from './status-input.ts';
import { TokenRenewal } from './token-renewal.ts';

interface ReconcilerOptions {
  cache: SessionCache;
  newClient: () => ReconcileClient;
  /** Its template can change at any time. */
  runners: Runners;
  timings: SessionTimings;
  /** A run cannot be created, and is not attempted again for a long time. */
  onGivenUp?: (key: string, reason: RunReason) => void;
  /** An event of a session could not be recorded. */
  onEventFailure?: (error: unknown) => void;
}

/** One pass over one session. */
interface Pass {
  client: ReconcileClient;
  key: string;
  session: AgenticSession;
  /** By number. */
  runs: Run[];
}

/**
 * Reconciles a session with its Jobs, pods and status. It is level-triggered: it compares the present state with the desired
 * one, whichever change caused the pass. It acts only in managed namespaces, and reads the live session right before it
 * creates or ends a run.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #writes: SessionWrites;
  readonly #tokens: TokenRenewal;
  readonly #pendingStarts: PendingStarts;
  readonly #givenUp: GivenUpStarts;
  readonly #history = new RunHistory();
  readonly #events: RunEvents;
  readonly #sessionEvents: SessionEvents;

  constructor(options: ReconcilerOptions) {
    const { cache, timings } = options;
    this.#options = options;
    this.#writes = new SessionWrites(cache);
    this.#tokens = new TokenRenewal({ ...timings.token, giveUpMs: timings.giveUpMs });
    this.#pendingStarts = new PendingStarts(timings);
    this.#givenUp = new GivenUpStarts(timings.giveUpMs);
    this.#events = new RunEvents(timings.events, this.#history);
    this.#sessionEvents = new SessionEvents(options.onEventFailure ?? (() => {}));
  }

  async reconcile(key: string): Promise<Result> {
    const { cache, newClient } = this.#options;
    const session = cache.session(key);
    if (!session || !cache.projects.isManaged(session.metadata.namespace ?? '')) {
      for (const state of [this.#pendingStarts, this.#givenUp, this.#tokens, this.#history, this.#events])
        state.forget(key);
      return DONE;
    }
    const runs = cache.runs(key);
    const latest = runs.at(-1);
    const isServed = latest !== undefined && startRequestOf(latest.job) === startRequestOf(session);
    if (!isWanted(session) || isServed) {
      this.#pendingStarts.forget(key);
      this.#givenUp.forget(key);
    }
    if (latest === undefined) this.#history.forget(key);
    if (latest === undefined || finishedCondition(latest.job)) {
      this.#tokens.forget(key);
      this.#events.forget(key);
    }

    return newClient().during((client) => {
      const pass: Pass = { client, key, session, runs };
      if (!isWanted(session)) return this.#keepStopped(pass);
      if (!isServed) return this.#serveStart(pass);
      return this.#keepRunning(pass, latest);
    });
  }

  /** No run is desired: ends active ones, and deletes what ended runs have left. */
  #keepStopped(pass: Pass): Promise<Result> {
    return runSteps(
      () => this.#stop(pass, pass.runs, (live) => !isWanted(live)),
      () => this.#updateStatus(pass, pass.runs),
      () => deleteRunsWithoutJob(pass, this.#options.cache),
      () => this.#deleteFinishedRuns(pass),
    );
  }

  /** A run is desired that no Job serves: its request may still be creating it, or have left it incomplete. */
  async #serveStart(pass: Pass): Promise<Result> {
    const { client, key, session, runs } = pass;
    const { runners, cache, onGivenUp } = this.#options;
    const { template: runTemplate } = runners;
    const start = startRequestOf(session);
    const isSame = (live: AgenticSession) => isWanted(live) && startRequestOf(live) === start;
    const stopped = await this.#stop(pass, runs, isSame);
    if (stopped !== DONE) return stopped;
    const pendingMs = this.#pendingStarts.pendingMs(key, start);
    if (
      isBusy(
        runs.map(({ job }) => job),
        cache.pods(key),
      )
    )
      return this.#updateStatus(pass, runs);
    const givenUp = this.#givenUp.find(key, session, runTemplate);
    if (givenUp) {
      await this.#updateStatus(pass, [], givenUp.runCreated);
      return { requeueAfterMs: givenUp.remainingMs };
    }
    if (!requestHasFailed(session)) {
      // The request writes the status until then.
      const requeueAfterMs = await this.#pendingStarts.remainingMs(client, session, runs, pendingMs);
      if (requeueAfterMs !== undefined) return { requeueAfterMs };
    }
    const secret = cache.projects.runnerSecretsName(session.metadata.namespace ?? '');
    const template = projectTemplate({ mode: 'job', template: runTemplate }, secret);
    const { runCreated, failure, isPermanent } = await repairRun(client, session, runs, template);
    if (!runCreated) return REQUEUE;
    if (isPermanent) {
      this.#givenUp.add(key, session, runTemplate, runCreated);
      onGivenUp?.(key, runCreated);
    }
    if (runCreated.status === 'False') await this.#updateStatus(pass, [], runCreated);
    if (failure !== undefined) throw failure;
    return isPermanent ? { requeueAfterMs: this.#options.timings.giveUpMs } : DONE;
  }

  /** The latest Job serves the start. */
  async #keepRunning(pass: Pass, latest: Run): Promise<Result> {
    const { client, key, session, runs } = pass;
    const { job } = latest;
    if (finishedCondition(job)) {
      // Otherwise the run would be created again when its Job is deleted. The change causes the pass that updates the status.
      await this.#writes.stop(client, session);
      return DONE;
    }
    const inactivityTimeout = this.#options.cache.projects.inactivityTimeoutSeconds(
      session.metadata.namespace ?? '',
    );
    const inactiveIn = (of: AgenticSession) =>
      inactiveInMs(of, inactivityTimeout, job.status?.startTime, Date.now());
    const isInactive = (of: AgenticSession) => (inactiveIn(of) ?? Number.POSITIVE_INFINITY) <= 0;
    if (isActive(job) && isInactive(session)) {
      const at = new Date().toISOString();
      const annotations = { [STOP_REQUESTED_AT]: at, [STOPPED_INACTIVE_AT]: at };
      // Its runner may have been active since: the watch then causes another pass.
      const isStopped = await this.#writes.stop(client, session, annotations, isInactive);
      if (isStopped) await this.#sessionEvents.recordInactivity(client, session, job);
      return DONE;
    }
    return runSteps(
      async () => (isActive(job) ? { requeueAfterMs: inactiveIn(session) } : DONE),
      async () =>
        isActive(job) ? this.#events.reconcile(client, key, job, this.#options.cache.pods(key)) : DONE,
      () => this.#updateStatus(pass, runs, RUN_EXISTS),
      // A session has one active run, even if someone else created another.
      () => this.#stop(pass, runs.slice(0, -1), isWanted),
      async () => (isActive(job) ? this.#tokens.reconcile(client, key, job) : DONE),
      () => this.#deleteFinishedRuns(pass),
    );
  }

  /** Deletes the Jobs of active runs if `isStill` holds for the live session; else requeues. */
  async #stop(
    { client, session }: Pass,
    runs: Run[],
    isStill: (live: AgenticSession) => boolean,
  ): Promise<Result> {
    const active = runs.filter(({ job, isDeleted }) => isActive(job) && !isDeleted);
    if (active.length === 0) return DONE;
    const live = await findLiveSession(client, session.metadata);
    if (!live || !isStill(live)) return REQUEUE;
    for (const { job } of active) await deleteJob(client, this.#options.cache, job);
    return DONE;
  }

  /**
   * Is always called after `#updateStatus`, which puts the session that it wrote into the cache. The latest Job proves how the
   * run ended, so it is kept until the cached phase is one of an ended run, also if the update has failed.
   */
  #deleteFinishedRuns(pass: Pass): Promise<Result> {
    const { cache, runners } = this.#options;
    return deleteFinishedRuns(pass, cache, runners.template.ttlSecondsAfterFinished);
  }

  async #updateStatus({ client, key, session }: Pass, runs: Run[], runCreated?: RunReason): Promise<Result> {
    const { cache, runners } = this.#options;
    let computed: { job: Job | undefined; status: AgenticSessionStatus } | undefined;
    await this.#writes.updateStatus(client, session, (live) => {
      const input = statusInputOf({
        key,
        session: live,
        runs,
        cache,
        history: this.#history,
        runTemplate: runners.template,
      });
      const patch = statusPatch(live, { ...input, ...(runCreated && { runCreated }) }, new Date());
      computed = { job: input.job, status: { ...live.status, ...patch } as AgenticSessionStatus };
      return patch;
    });
    if (computed) await this.#sessionEvents.recordRun(client, session, { ...computed, runCreated });
    return DONE;
  }
}
