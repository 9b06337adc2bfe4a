import { isDeepStrictEqual } from 'node:util';
import type { Job, Pod } from '../../kubernetes/resources.ts';
import type { AgenticSession, AgenticSessionStatus } from '../../model/session.ts';
import { formatTimestamp, parseTimestamp } from '../../model/timestamps.ts';
import { finishedAt, finishedCondition, isAlive, podsOf } from '../run/job-state.ts';
import { conditionsWith, notBeforeCreation, RUN_CREATED, RUN_HEALTHY } from './conditions.ts';
import { pendingReason, type RunReason, runReason } from './run-reason.ts';

/** What a session's status is computed from, beside its Job and pods. */
export interface StatusInput {
  /** The Job of the latest run, if it is still there. */
  job: Job | undefined;
  /** Where it is not: as it was seen last, if it was seen at all. */
  deletedJob: Job | undefined;
  /** Pods of any run of the session. */
  pods: Pod[];
  isWanted: boolean;
  /** Whether a start was ever asked for. */
  wasStarted: boolean;
  stoppedReason: 'user' | 'inactivity';
  /** Whether a run could be made; undefined where that is not known to the controller. */
  runCreated?: RunReason;
  /** Why the Job has failed, if it has. */
  failure?: RunReason;
  /** Those that runner types may need. */
  secretKeys: string[];
}

/** A merge patch: null takes a field away. */
export type StatusPatch = { [Field in keyof AgenticSessionStatus]: AgenticSessionStatus[Field] | null };

/** The phases that say how a run ended. */
export const ENDED_PHASES = ['Stopped', 'Completed', 'Failed'];

/**
 * What has to change in the session's status, or undefined. It is what the Jobs and pods say; what stood there counts
 * only where nobody has seen how a run ended whose Job is gone.
 */
export function statusPatch(session: AgenticSession, input: StatusInput, now: Date): StatusPatch | undefined {
  const current = session.status ?? {};
  const { generation } = session.metadata;
  const next: StatusPatch = {
    ...phaseAndTimes(current, input, now),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
  const health = healthOf(next.phase ?? current.phase ?? '', input);
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
  if (job && isOver(job)) return endedStatus(job, current, now);
  if (job && isWanted && !job.metadata.deletionTimestamp) {
    // A pod ends moments before its Job does.
    const isRunning = podsOf(job, pods).some(({ status }) => (status?.phase ?? 'Pending') !== 'Pending');
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
  if (deletedJob && isOver(deletedJob)) return endedStatus(deletedJob, current, now);
  if (deletedJob) {
    const completionTime =
      knownEnd(deletedJob, current, now) ?? formatTimestamp(notBeforeCreation(deletedJob, now));
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
  const completionTime = formatTimestamp(new Date(finishedAt(job) ?? now));
  const known = finishedTimes(job) ? completionTime : (current.completionTime ?? completionTime);
  return { phase, startTime: job.status?.startTime ?? null, completionTime: known, stoppedReason: null };
}

/** When the run is said to have been stopped, if it can have been then. */
function knownEnd(job: Job, current: AgenticSessionStatus, now: Date): string | undefined {
  const at = current.phase === 'Stopped' ? parseTimestamp(current.completionTime) : undefined;
  const began = parseTimestamp(job.metadata.creationTimestamp) ?? 0;
  return at !== undefined && at >= began && at <= notBeforeCreation(job, now).getTime()
    ? current.completionTime
    : undefined;
}

/** Finished by itself; a Job that failed while it was being deleted was stopped. */
function isOver(job: Job): boolean {
  const finished = finishedCondition(job);
  const deletedAt = parseTimestamp(job.metadata.deletionTimestamp);
  if (finished?.type === 'Complete' || !finished || deletedAt === undefined) return finished !== undefined;
  return (finishedAt(job) ?? 0) < deletedAt;
}

function finishedTimes(job: Job): boolean {
  const at = job.status?.completionTime ?? finishedCondition(job)?.lastTransitionTime;
  return parseTimestamp(at) !== undefined;
}

function healthOf(phase: string, { job, pods, failure, secretKeys }: StatusInput): RunReason | undefined {
  const [pod] = job ? podsOf(job, pods) : [];
  switch (phase) {
    case 'Creating':
      return pendingReason(pod, secretKeys);
    case 'Running':
      return runReason('Running');
    case 'Stopping':
      return runReason('Stopping');
    case 'Stopped':
      return runReason('Stopped');
    case 'Completed':
      return job && runReason('Completed');
    case 'Failed':
      return failure;
    default:
      return undefined;
  }
}
