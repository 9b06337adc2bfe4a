import { KubernetesError } from '../errors.ts';
import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  DESIRED_PHASE,
  JOBS,
  type Job,
  STOP_REQUESTED_AT,
} from '../kubernetes/resources.ts';
import { finishedCondition, nextRunNumber, runName } from '../sessions/run/run-objects.ts';
import type { RunTemplate } from '../sessions/run/run-template.ts';
import { deleteChild, findChildren, unlessForeign } from './children.ts';
import type { ControllerCluster, Turn } from './controller-cluster.ts';
import { type Observed, STOPPED_INACTIVE_AT } from './observed.ts';
import { TokenRenewal } from './renew-token.ts';
import { type Repair, repairRun } from './repair.ts';
import type { RunReason } from './run-reason.ts';
import { finishedAt, type Run, startRequestOf } from './runs.ts';
import { statusPatch } from './session-status.ts';
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
  readonly #tokens: TokenRenewal;
  /** Since when a start has been waiting for its run: `performance.now()`. */
  readonly #waiting = new Map<string, { start: string | undefined; since: number }>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#tokens = new TokenRenewal(options.timings.token);
  }

  /** After how many ms to look again, if at all. */
  async reconcile(key: string): Promise<number | undefined> {
    const { observed, cluster } = this.#options;
    const session = observed.session(key);
    const { namespace = '', deletionTimestamp } = session?.metadata ?? {};
    if (!session || deletionTimestamp || !observed.isManaged(namespace)) {
      this.#waiting.delete(key);
      this.#tokens.forget(key);
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

  /** Nothing of it runs, and nothing of an ended run stays. */
  async #keepStopped(turn: Turn, key: string, session: AgenticSession, runs: Run[]) {
    const { observed } = this.#options;
    const { namespace = '', uid } = session.metadata;
    const active = runs.filter(isActive);
    const gone = [...observed.gone(key)];
    if (active.length > 0 || gone.length > 0) {
      const left = [];
      for (const number of gone) left.push(...(await findChildren(turn, namespace, runName(uid, number))));
      // Asked after that: what a start makes from now on has other UIDs.
      const live = await this.#live(turn, session);
      if (!live || isWanted(live)) return this.#options.timings.queue.spacingMs;
      for (const run of active) await this.#stop(turn, run);
      for (const child of left) await deleteChild(turn, 'deleteRunObject', child).catch(unlessGone);
      for (const number of gone) observed.gone(key).delete(number);
    }
    const wake = await this.#removeFinished(turn, runs);
    await this.#updateStatus(turn, key, session, runs);
    return wake;
  }

  /** A start that no Job answers to: the request that made it may still be at work, or have left it half made. */
  async #makeRun(turn: Turn, key: string, session: AgenticSession, runs: Run[]) {
    const { observed, runTemplate, timings } = this.#options;
    const busy = runs.filter((run) => !finishedCondition(run.job));
    const old = busy.filter(isActive);
    if (old.length > 0) {
      const live = await this.#live(turn, session);
      const isStill = live && isWanted(live) && startRequestOf(live) === startRequestOf(session);
      if (!isStill) return timings.queue.spacingMs;
      for (const run of old) await this.#stop(turn, run);
    }
    const start = startRequestOf(session);
    const known = this.#waiting.get(key);
    const since = known && known.start === start ? known.since : performance.now();
    this.#waiting.set(key, { start, since });
    if (busy.length > 0 || (runs.length === 0 && observed.pods(key).some(isAlive))) {
      await this.#updateStatus(turn, key, session, runs);
      return undefined;
    }
    if (!requestHasFailed(session)) {
      // Until then the status is the request's to write.
      const waitedMs = performance.now() - since;
      if (waitedMs < timings.untouchedAfterMs) return timings.untouchedAfterMs - waitedMs;
      const left = timings.repairAfterMs - waitedMs;
      if (left > 0 && (await this.#isBegun(turn, session, runs))) return left;
    }
    const { runCreated, failure }: Repair = await repairRun(turn, session, runTemplate);
    if (!runCreated) return timings.queue.spacingMs;
    if (runCreated.status === 'False') await this.#updateStatus(turn, key, session, [], runCreated);
    if (failure !== undefined) throw failure;
    return undefined;
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
      await this.#setStopped(turn, session);
      return undefined;
    }
    const projects = this.#options.observed.inactivityTimeoutSeconds(session.metadata.namespace ?? '');
    const inactiveIn = inactiveInMs(session, projects, job.status?.startTime, Date.now());
    if (inactiveIn !== undefined && inactiveIn <= 0 && isActive(latest)) {
      const at = new Date().toISOString();
      await this.#setStopped(turn, session, { [STOP_REQUESTED_AT]: at, [STOPPED_INACTIVE_AT]: at });
      return undefined;
    }
    const tokenIn = isActive(latest) ? await this.#tokens.keep(turn, key, job) : undefined;
    const goneIn = await this.#removeFinished(turn, runs);
    await this.#updateStatus(turn, key, session, runs, RUN_EXISTS);
    const waits = [inactiveIn, tokenIn, goneIn].filter((wait) => wait !== undefined);
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /** Finished Jobs stay for a while, for people to look at. */
  async #removeFinished(turn: Turn, runs: Run[]): Promise<number | undefined> {
    let wake: number | undefined;
    for (const { job } of runs) {
      const ended = finishedAt(job);
      if (ended === undefined || job.metadata.deletionTimestamp) continue;
      const left = ended + this.#options.runTemplate.ttlSecondsAfterFinished * 1_000 - Date.now();
      if (left > 0) {
        wake = Math.min(wake ?? left, left);
        continue;
      }
      const { namespace = '', name, uid } = job.metadata;
      for (const child of await findChildren(turn, namespace, name))
        await deleteChild(turn, 'deleteRunObject', child).catch(unlessGone);
      await turn.delete({ act: 'deleteJob', type: JOBS, namespace, name }, { uid }).catch(unlessGone);
    }
    return wake;
  }

  async #stop(turn: Turn, { job }: Run): Promise<void> {
    const { namespace = '', name, uid } = job.metadata;
    await turn.delete({ act: 'deleteJob', type: JOBS, namespace, name }, { uid }).catch(unlessGone);
  }

  async #setStopped(turn: Turn, session: AgenticSession, annotations: Record<string, string> = {}) {
    const live = await this.#live(turn, session);
    if (!live || !isWanted(live) || startRequestOf(live) !== startRequestOf(session)) return;
    const { namespace = '', name, uid, resourceVersion } = live.metadata;
    const metadata = { uid, resourceVersion, annotations: { ...annotations, [DESIRED_PHASE]: 'Stopped' } };
    const subject = { act: 'setDesiredPhase' as const, type: AGENTIC_SESSIONS, namespace, name };
    this.#options.observed.learn(await turn.patch<AgenticSession>(subject, { metadata }));
  }

  /** The session as the cluster has it at this moment; null where it is another one or goes. */
  async #live(turn: Turn, { metadata }: AgenticSession): Promise<AgenticSession | null> {
    const { namespace = '', name, uid } = metadata;
    const live = await turn.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
    return live?.metadata.uid === uid && !live.metadata.deletionTimestamp ? live : null;
  }

  async #updateStatus(turn: Turn, key: string, session: AgenticSession, runs: Run[], runCreated?: RunReason) {
    const situation = {
      job: latestJob(session, runs),
      pods: this.#options.observed.pods(key),
      isWanted: isWanted(session),
      wasStarted: wasStarted(session),
      stoppedReason: stoppedReasonOf(session),
      ...(runCreated && { runCreated }),
    };
    const status = statusPatch(session, situation, new Date());
    if (!status) return;
    const { namespace = '', name, uid, resourceVersion } = session.metadata;
    const subject = { act: 'updateSessionStatus' as const, type: AGENTIC_SESSIONS, namespace, name };
    const patch = { metadata: { uid, resourceVersion }, status };
    const stored = await turn.patch<AgenticSession>(subject, patch, 'status').catch(unlessGone);
    if (stored) this.#options.observed.learn(stored);
  }
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

function isAlive({ status }: { status?: { phase?: string } }): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof KubernetesError && error.isNotFound)) throw error;
}
