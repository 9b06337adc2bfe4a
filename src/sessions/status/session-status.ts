import { isDeepStrictEqual } from 'node:util';
import type { Job, Pod } from '../../kubernetes/resources.ts';
import type { AgenticSession, AgenticSessionStatus } from '../../model/session.ts';
import { formatTimestamp, parseTimestamp } from '../../model/timestamps.ts';
import { finishedAt, finishedCondition, isAlive, podsOf } from '../run/job-state.ts';
import {
  conditionsWith,
  notBeforeCreation,
  RUN_CREATED,
  RUN_HEALTHY,
  storedConditions,
} from './conditions.ts';
import { activeHealth, failureReason, hasStarted } from './run-health.ts';
import { isFailure, type RunReason, runReason } from './run-reason.ts';

/** What a session's status is computed from. */
export interface StatusInput {
  /** The Job of the latest run, if it exists. */
  job: Job | undefined;
  /** If it does not exist: as it was last seen, if it was ever seen. */
  deletedJob: Job | undefined;
  /** The pods of all runs of the session. */
  pods: Pod[];
  isWanted: boolean;
  /** Whether a start or stop was ever requested. */
  wasStarted: boolean;
  stoppedReason: 'user' | 'inactivity';
  /** Whether the run could be created; undefined if the controller does not know. */
  runCreated?: RunReason;
  /** The newest pod of the Job as it was before its deletion began, if this replica has seen it. */
  lastPod?: Pod | undefined;
  /** Whether the run was ever seen running. */
  hasStarted?: boolean;
  /** What events say about a run that has not started. */
  problem?: RunReason | undefined;
  /** The keys of the runner Secret that any runner type requires. */
  secretKeys: string[];
}

/** The fields to change; null removes a field. */
export type StatusPatch = { [Field in keyof AgenticSessionStatus]: AgenticSessionStatus[Field] | null };

/** The phases of a session whose run has ended. */
export const ENDED_PHASES = ['Stopped', 'Completed', 'Failed'];

/**
 * The changes that make the status match the Jobs and pods, or undefined if it does. The stored phase counts only if the
 * run's Job was deleted before this replica saw how the run ended.
 */
export function statusPatch(session: AgenticSession, input: StatusInput, now: Date): StatusPatch | undefined {
  const current = session.status ?? {};
  const { generation } = session.metadata;
  const next: StatusPatch = {
    ...phaseAndTimes(current, input, now),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
  const health = healthOf(session, next.phase ?? current.phase ?? '', input);
  const { runCreated } = input;
  const own = { ...(health && { [RUN_HEALTHY]: health }), ...(runCreated && { [RUN_CREATED]: runCreated }) };
  const conditions = conditionsWith(session, own, now);
  if (conditions.length > 0) next.conditions = conditions;
  const changed = Object.entries(next).filter(
    ([field, value]) => !isDeepStrictEqual(value ?? undefined, current[field as keyof AgenticSessionStatus]),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function phaseAndTimes(current: AgenticSessionStatus, input: StatusInput, now: Date): StatusPatch {
  const { job, deletedJob, pods, isWanted, wasStarted, stoppedReason } = input;
  const startTime = job?.status?.startTime ?? null;
  if (job && finishedByItself(job)) return endedStatus(job, current, now);
  if (job && isWanted && !job.metadata.deletionTimestamp) {
    // A pod ends, or is deleted, before its Job finishes.
    const isRunning = input.hasStarted || podsOf(job, pods).some(hasStarted);
    return {
      phase: isRunning ? 'Running' : 'Creating',
      startTime,
      completionTime: null,
      stoppedReason: null,
    };
  }
  if (job || pods.some(isAlive)) {
    return {
      phase: 'Stopping',
      ...(job && { startTime }),
      completionTime: null,
      stoppedReason: isWanted ? null : stoppedReason,
    };
  }
  if (isWanted) return { phase: 'Pending', stoppedReason: null };
  if (deletedJob && finishedByItself(deletedJob)) return endedStatus(deletedJob, current, now);
  if (deletedJob) {
    const completionTime =
      storedStopTime(deletedJob, current, now) ?? formatTimestamp(notBeforeCreation(deletedJob, now));
    return {
      phase: 'Stopped',
      startTime: deletedJob.status?.startTime ?? null,
      completionTime,
      stoppedReason,
    };
  }
  if (ENDED_PHASES.includes(current.phase ?? '')) return {};
  if (!wasStarted) return { phase: 'Pending', stoppedReason: null };
  return { phase: 'Stopped', stoppedReason, completionTime: formatTimestamp(now) };
}

function endedStatus(job: Job, current: AgenticSessionStatus, now: Date): StatusPatch {
  const phase = finishedCondition(job)?.type === 'Complete' ? 'Completed' : 'Failed';
  const finished = formatTimestamp(new Date(finishedAt(job) ?? now));
  const completionTime = hasFinishTime(job) ? finished : (current.completionTime ?? finished);
  return { phase, startTime: job.status?.startTime ?? null, completionTime, stoppedReason: null };
}

/** The completion time in the status of a stopped session, if the run can have been stopped then. */
function storedStopTime(job: Job, current: AgenticSessionStatus, now: Date): string | undefined {
  const at = current.phase === 'Stopped' ? parseTimestamp(current.completionTime) : undefined;
  const createdAt = parseTimestamp(job.metadata.creationTimestamp) ?? 0;
  return at !== undefined && at >= createdAt && at <= notBeforeCreation(job, now).getTime()
    ? current.completionTime
    : undefined;
}

/** Whether the Job finished by itself. A Job that failed while it was being deleted was stopped. */
function finishedByItself(job: Job): boolean {
  const finished = finishedCondition(job);
  if (!finished) return false;
  const deletedAt = parseTimestamp(job.metadata.deletionTimestamp);
  if (finished.type === 'Complete' || deletedAt === undefined) return true;
  return (finishedAt(job) ?? 0) < deletedAt;
}

function hasFinishTime(job: Job): boolean {
  const at = job.status?.completionTime ?? finishedCondition(job)?.lastTransitionTime;
  return parseTimestamp(at) !== undefined;
}

function healthOf(session: AgenticSession, phase: string, input: StatusInput): RunReason | undefined {
  const { job, pods, lastPod = job && podsOf(job, pods)[0], problem, secretKeys } = input;
  const run = job && { job, pod: lastPod, problem, secretKeys };
  switch (phase) {
    case 'Creating':
    case 'Running':
      return run && activeHealth(run);
    case 'Stopping':
      return runReason('Stopping');
    case 'Stopped':
      return runReason('Stopped');
    case 'Completed':
      return job && runReason('Completed');
    case 'Failed':
      return run && ((!lastPod && !problem && storedFailure(session, run.job)) || failureReason(run));
    default:
      return undefined;
  }
}

/**
 * Why the run failed, as another replica has written it that has seen the pod. The runner could have written it too; nothing
 * is decided by it.
 */
function storedFailure(session: AgenticSession, job: Job): RunReason | undefined {
  const stored = storedConditions(session).find(({ type }) => type === RUN_HEALTHY);
  const { reason = '', message = '', lastTransitionTime } = stored ?? {};
  const at = parseTimestamp(lastTransitionTime) ?? Number.NEGATIVE_INFINITY;
  const isOfRun = at >= (parseTimestamp(job.metadata.creationTimestamp) ?? Number.POSITIVE_INFINITY);
  return stored?.status === 'False' && isOfRun && isFailure(reason)
    ? { status: 'False', reason, message }
    : undefined;
}
