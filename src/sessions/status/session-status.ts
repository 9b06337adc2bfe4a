import { isDeepStrictEqual } from 'node:util';
import type { Condition, Job, Pod } from '../../kubernetes/resources.ts';
import type { AgenticSession, AgenticSessionStatus } from '../../model/session.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { finishedAt, finishedCondition, isAlive, podsOf } from '../run/job-state.ts';
import { RUN_CREATED, RUN_HEALTHY, type RunReason, runReason, whyNotRunning } from './run-reason.ts';

/** What a session's status is computed from, beside its Job and pods. */
export interface Situation {
  /** The Job of the latest run, if it is still there. */
  job: Job | undefined;
  /** Where it is not: as it was seen last, if it was seen at all. */
  ended: Job | undefined;
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

const MAX_CONDITIONS = 64;
/** The phases that say how a run ended. */
export const ENDED_PHASES = ['Stopped', 'Completed', 'Failed'];

/**
 * What has to change in the session's status, or undefined. It is what the Jobs and pods say; what stood there counts
 * only where nobody has seen how a run ended whose Job is gone.
 */
export function statusPatch(
  session: AgenticSession,
  situation: Situation,
  now: Date,
): StatusPatch | undefined {
  const current = session.status ?? {};
  const { generation } = session.metadata;
  const next: StatusPatch = {
    ...phaseAndTimes(current, situation, now),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
  const conditions = conditionsOf(session, current, next.phase ?? current.phase ?? '', situation, now);
  if (conditions.length > 0) next.conditions = conditions;
  const changed = Object.entries(next).filter(
    ([field, value]) => !isDeepStrictEqual(value ?? undefined, current[field as keyof AgenticSessionStatus]),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function phaseAndTimes(current: AgenticSessionStatus, situation: Situation, now: Date): StatusPatch {
  const { job, ended, pods, isWanted, wasStarted, stoppedReason } = situation;
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
  if (ended && isOver(ended)) return endedStatus(ended, current, now);
  if (ended) {
    const completionTime = knownEnd(ended, current, now) ?? timestamp(notBefore(ended, now));
    return { phase: 'Stopped', startTime: ended.status?.startTime ?? null, completionTime, stoppedReason };
  }
  if (ENDED_PHASES.includes(current.phase ?? '')) return {};
  if (!wasStarted) return { phase: 'Pending', stoppedReason: null };
  return { phase: 'Stopped', stoppedReason, completionTime: timestamp(now) };
}

function endedStatus(job: Job, current: AgenticSessionStatus, now: Date): StatusPatch {
  const phase = finishedCondition(job)?.type === 'Complete' ? 'Completed' : 'Failed';
  const completionTime = timestamp(new Date(finishedAt(job) ?? now));
  const known = finishedTimes(job) ? completionTime : (current.completionTime ?? completionTime);
  return { phase, startTime: job.status?.startTime ?? null, completionTime: known, stoppedReason: null };
}

/** When the run is said to have been stopped, if it can have been then. */
function knownEnd(job: Job, current: AgenticSessionStatus, now: Date): string | undefined {
  const at = current.phase === 'Stopped' ? parseTimestamp(current.completionTime) : undefined;
  const began = parseTimestamp(job.metadata.creationTimestamp) ?? 0;
  return at !== undefined && at >= began && at <= notBefore(job, now).getTime()
    ? current.completionTime
    : undefined;
}

/** Now, or where the API server's clock is ahead when the object was made: else each turn would find the time odd. */
function notBefore({ metadata }: { metadata: { creationTimestamp: string } }, now: Date): Date {
  return new Date(Math.max(now.getTime(), parseTimestamp(metadata.creationTimestamp) ?? 0));
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

function conditionsOf(
  session: AgenticSession,
  current: AgenticSessionStatus,
  phase: string,
  situation: Situation,
  now: Date,
): Condition[] {
  const all: Condition[] = Array.isArray(current.conditions) ? current.conditions : [];
  const own = new Map<string, RunReason>();
  const health = healthOf(phase, situation);
  if (health) own.set(RUN_HEALTHY, health);
  if (situation.runCreated) own.set(RUN_CREATED, situation.runCreated);
  const { generation, creationTimestamp } = session.metadata;
  const born = parseTimestamp(creationTimestamp) ?? 0;
  const latest = notBefore(session, now);
  const said = [...own].map(([type, { status, reason, message }]): Condition => {
    const before = all.find((condition) => condition.type === type);
    const at = parseTimestamp(before?.lastTransitionTime) ?? Number.POSITIVE_INFINITY;
    const isSame = before?.status === status && born <= at && at <= latest.getTime();
    return {
      type,
      status,
      reason,
      message,
      lastTransitionTime: (isSame && before.lastTransitionTime) || timestamp(latest),
      ...(generation !== undefined && { observedGeneration: generation }),
    };
  });
  // In their order, so that nothing changes where nothing has; cut, since a runner could fill the list.
  const replaced = all.map((condition) => said.find(({ type }) => type === condition.type) ?? condition);
  const added = said.filter(({ type }) => !all.some((condition) => condition.type === type));
  const others = replaced.filter((condition) => !said.includes(condition));
  const kept = new Set(others.slice(0, MAX_CONDITIONS - said.length));
  return [...replaced.filter((condition) => said.includes(condition) || kept.has(condition)), ...added];
}

function healthOf(phase: string, { job, pods, failure, secretKeys }: Situation): RunReason | undefined {
  const [pod] = job ? podsOf(job, pods) : [];
  switch (phase) {
    case 'Creating':
      return whyNotRunning(pod, secretKeys);
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

/** metav1.Time: whole seconds. */
function timestamp(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}
