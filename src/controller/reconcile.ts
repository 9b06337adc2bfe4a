import { ignoreNotFound } from '../errors.ts';
import { type AgenticSession, JOBS, type Job, type Pod, STOP_REQUESTED_AT } from '../kubernetes/resources.ts';
import { finishedCondition, nextRunNumber, runName } from '../sessions/run/run-objects.ts';
import type { RunTemplate } from '../sessions/run/run-template.ts';
import { type Child, deleteChild, findChildren, unlessForeign } from './children.ts';
import type { ControllerCluster, Turn } from './controller-cluster.ts';
import { STOPPED_INACTIVE_AT } from './keep.ts';
import type { Observed } from './observed.ts';
import { TokenRenewal } from './renew-token.ts';
import { type Repair, repairRun } from './repair.ts';
import { type RunReason, whyFailed } from './run-reason.ts';
import { finishedAt, isAlive, jobOf, type Run, startRequestOf } from './runs.ts';
import { ENDED, ownPods, type Situation, statusPatch } from './session-status.ts';
import { SessionWrites } from './session-writes.ts';
import type { ControllerTimings } from './timings.ts';
import { inactiveInMs, isWanted, requestHasFailed, stoppedReasonOf, wasStarted } from './wanted.ts';

export interface ReconcilerOptions {
  observed: Observed;
  cluster: ControllerCluster;
  runTemplate: RunTemplate;
  timings: ControllerTimings;
}

/**
 * Brings a session, its run and its status together, from what is seen now: it does not matter which event came or was
 * missed. What it does, it does only in projects, and right after it has asked the cluster for the session itself.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #writes: SessionWrites;
  readonly #tokens: TokenRenewal;
  /** Since when a start has been waiting for its run: `performance.now()`. */
  readonly #waiting = new Map<string, { start: string | undefined; since: number }>();
  /** Why the latest Job of each session has failed, by the Job's UID. */
  readonly #failures = new Map<string, { job: string; reason: RunReason }>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#writes = new SessionWrites(options.observed);
    this.#tokens = new TokenRenewal(options.timings.token);
  }

  /** After how many ms to look again, if at all. */
  async reconcile(key: string): Promise<number | undefined> {
    const { observed, cluster } = this.#options;
    const session = observed.session(key);
    if (!session || !observed.isManaged(session.metadata.namespace ?? '')) {
      this.#forget(key);
      return undefined;
    }
    const turn = cluster.turn();
    const runs = observed.runs(key);
    const latest = runs.at(-1);
    const isServed = latest !== undefined && startRequestOf(latest.job) === startRequestOf(session);
    if (!isWanted(session) || isServed) this.#waiting.delete(key);
    if (latest === undefined || finishedCondition(latest.job)) this.#tokens.forget(key);

    if (!isWanted(session)) return this.#keepStopped(turn, key, session, runs);
    if (!isServed) return this.#makeRun(turn, key, session, runs);
    return this.#keepRunning(turn, key, session, latest, runs);
  }

  #forget(key: string): void {
    this.#waiting.delete(key);
    this.#tokens.forget(key);
    this.#failures.delete(key);
  }

  /** Nothing of it runs, and nothing of an ended run stays. */
  #keepStopped(turn: Turn, key: string, session: AgenticSession, runs: Run[]) {
    return inAnyCase(
      () => this.#stop(turn, session, runs, (live) => !isWanted(live)),
      () => this.#updateStatus(turn, key, session, runs),
      () => this.#removeGone(turn, key, session),
      () => this.#removeFinished(turn, key, runs),
    );
  }

  /** What a run had whose Job is gone. */
  async #removeGone(turn: Turn, key: string, session: AgenticSession): Promise<number | undefined> {
    const { observed, timings } = this.#options;
    const { namespace = '', uid } = session.metadata;
    const gone = [...observed.gone(key)];
    if (gone.length === 0) return undefined;
    const left = [];
    for (const number of gone) left.push(...(await findChildren(turn, namespace, runName(uid, number))));
    // Asked after that: what a start makes from now on has other UIDs.
    const live = await this.#writes.live(turn, session);
    if (!live || isWanted(live)) return timings.queue.spacingMs;
    await deleteAll(turn, left);
    for (const number of gone) observed.gone(key).delete(number);
    return undefined;
  }

  /** A start that no Job answers to: the request that made it may still be at work, or have left it half made. */
  async #makeRun(turn: Turn, key: string, session: AgenticSession, runs: Run[]) {
    const { runTemplate, timings } = this.#options;
    const start = startRequestOf(session);
    const isStill = (live: AgenticSession) => isWanted(live) && startRequestOf(live) === start;
    const again = await this.#stop(turn, session, runs, isStill);
    if (again !== undefined) return again;
    const known = this.#waiting.get(key);
    const since = known && known.start === start ? known.since : performance.now();
    this.#waiting.set(key, { start, since });
    if (this.#isBusy(key, runs)) return this.#updateStatus(turn, key, session, runs);
    if (!requestHasFailed(session)) {
      // Until then the status is the request's to write.
      const waitedMs = performance.now() - since;
      if (waitedMs < timings.untouchedAfterMs) return timings.untouchedAfterMs - waitedMs;
      const left = timings.repairAfterMs - waitedMs;
      if (left > 0 && (await this.#isBegun(turn, session, runs))) return left;
    }
    const { runCreated, failure }: Repair = await repairRun(turn, session, runs, runTemplate);
    if (!runCreated) return timings.queue.spacingMs;
    if (runCreated.status === 'False') await this.#updateStatus(turn, key, session, [], runCreated);
    if (failure !== undefined) throw failure;
    return undefined;
  }

  /** Whether anything of a run is still at work. */
  #isBusy(key: string, runs: Run[]): boolean {
    const finished = new Set(
      runs.filter(({ job }) => finishedCondition(job)).map(({ job }) => job.metadata.uid),
    );
    const pods = this.#options.observed.pods(key);
    return (
      finished.size < runs.length || pods.some((pod) => isAlive(pod) && !finished.has(jobOf(pod)?.uid ?? ''))
    );
  }

  /** Whether somebody makes the next run: its Secret is the first thing that is made. */
  async #isBegun(turn: Turn, { metadata }: AgenticSession, runs: Run[]): Promise<boolean> {
    const { namespace = '', uid } = metadata;
    const name = runName(uid, nextRunNumber(runs.map(({ job }) => job)));
    return (await turn.findSecret(namespace, name).catch(unlessForeign)) !== null;
  }

  async #keepRunning(turn: Turn, key: string, session: AgenticSession, latest: Run, runs: Run[]) {
    const { job } = latest;
    if (finishedCondition(job)) {
      // So that nothing starts again when the Job is gone. The status follows with that very change.
      await this.#writes.stop(turn, session);
      return undefined;
    }
    const projects = this.#options.observed.inactivityTimeoutSeconds(session.metadata.namespace ?? '');
    const inactiveIn = inactiveInMs(session, projects, job.status?.startTime, Date.now());
    if (inactiveIn !== undefined && inactiveIn <= 0 && isActive(latest)) {
      const at = new Date().toISOString();
      await this.#writes.stop(turn, session, { [STOP_REQUESTED_AT]: at, [STOPPED_INACTIVE_AT]: at });
      return undefined;
    }
    return inAnyCase(
      async () => (isActive(latest) ? inactiveIn : undefined),
      () => this.#updateStatus(turn, key, session, runs, RUN_EXISTS),
      // One run of a session at a time, whoever made another.
      () => this.#stop(turn, session, runs.slice(0, -1), isWanted),
      async () => (isActive(latest) ? this.#tokens.keep(turn, key, job) : undefined),
      () => this.#removeFinished(turn, key, runs),
    );
  }

  /** Finished Jobs stay for a while, for people to look at, and until it is stored how the run has ended. */
  async #removeFinished(turn: Turn, key: string, runs: Run[]): Promise<number | undefined> {
    const { observed, runTemplate } = this.#options;
    const phase = observed.session(key)?.status?.phase ?? '';
    let wake: number | undefined;
    for (const { job } of runs) {
      const ended = finishedAt(job);
      if (ended === undefined || job.metadata.deletionTimestamp) continue;
      const left = ended + runTemplate.ttlSecondsAfterFinished * 1_000 - Date.now();
      if (left > 0) {
        wake = Math.min(wake ?? left, left);
        continue;
      }
      if (job === runs.at(-1)?.job && !ENDED.includes(phase)) continue;
      const { namespace = '', name, uid } = job.metadata;
      const children = await findChildren(turn, namespace, name);
      // Asked after that: another run may have the number by now.
      const live = await turn.findListed<Job>(JOBS, namespace, name);
      if (live?.metadata.uid !== uid) continue;
      await deleteAll(turn, children);
      await turn.delete({ act: 'deleteJob', type: JOBS, namespace, name }, { uid }).catch(ignoreNotFound);
    }
    return wake;
  }

  /** Deletes the active Jobs among these, if the session itself still says so. The answer: when to look again, if not. */
  async #stop(
    turn: Turn,
    session: AgenticSession,
    runs: Run[],
    isStill: (live: AgenticSession) => boolean,
  ): Promise<number | undefined> {
    const active = runs.filter(isActive);
    if (active.length === 0) return undefined;
    const live = await this.#writes.live(turn, session);
    if (!live || !isStill(live)) return this.#options.timings.queue.spacingMs;
    for (const { job } of active) {
      const { namespace = '', name, uid } = job.metadata;
      await turn.delete({ act: 'deleteJob', type: JOBS, namespace, name }, { uid }).catch(ignoreNotFound);
    }
    return undefined;
  }

  async #updateStatus(
    turn: Turn,
    key: string,
    session: AgenticSession,
    runs: Run[],
    runCreated?: RunReason,
  ): Promise<undefined> {
    await this.#writes.updateStatus(turn, session, (of) => {
      const situation = this.#situation(key, of, runs);
      return statusPatch(of, { ...situation, ...(runCreated && { runCreated }) }, new Date());
    });
  }

  #situation(key: string, session: AgenticSession, runs: Run[]): Situation {
    const { observed, runTemplate } = this.#options;
    const job = latestJob(session, runs);
    const pods = observed.pods(key);
    const failure = job && this.#failureOf(key, job, pods);
    return {
      job,
      ended: job ? undefined : observed.ended(key),
      pods,
      isWanted: isWanted(session),
      wasStarted: wasStarted(session),
      stoppedReason: stoppedReasonOf(session),
      secretKeys: runTemplate.runnerTypes.flatMap(({ requiredSecretKeys }) => requiredSecretKeys),
      ...(failure && { failure }),
    };
  }

  /** It is known of a pod, and the pod may be gone before its Job. */
  #failureOf(key: string, job: Job, pods: Pod[]): RunReason | undefined {
    if (finishedCondition(job)?.type !== 'Failed') return undefined;
    const { uid } = job.metadata;
    const [pod] = ownPods(job, pods);
    const known = this.#failures.get(key);
    const reason = !pod && known?.job === uid ? known.reason : whyFailed(job, pod);
    this.#failures.set(key, { job: uid, reason });
    return reason;
  }
}

/** One after the other, each whatever became of those before it. The soonest of what they answer; the first that failed. */
async function inAnyCase(...steps: (() => Promise<number | undefined>)[]): Promise<number | undefined> {
  const failures: unknown[] = [];
  let soonest: number | undefined;
  for (const step of steps) {
    try {
      const wake = await step();
      if (wake !== undefined) soonest = Math.min(soonest ?? wake, wake);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return soonest;
}

/** One that can't be deleted keeps no other. */
async function deleteAll(turn: Turn, children: Child[]): Promise<void> {
  const deletions = children.map((child) => async () => {
    await deleteChild(turn, 'deleteRunObject', child).catch(ignoreNotFound);
    return undefined;
  });
  await inAnyCase(...deletions);
}

const RUN_EXISTS: RunReason = {
  status: 'True',
  reason: 'RunCreated',
  message: 'The Job and what it needs exist',
};

/** Not the ended run of an earlier start, whose successor has gone or was never made. */
function latestJob(session: AgenticSession, runs: Run[]): Job | undefined {
  const job = runs.at(-1)?.job;
  const isOld = job && finishedCondition(job) && startRequestOf(job) !== startRequestOf(session);
  return isOld ? undefined : job;
}

function isActive({ job }: Run): boolean {
  return !finishedCondition(job) && !job.metadata.deletionTimestamp;
}
