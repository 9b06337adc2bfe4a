import { DESIRED_PHASE, STOP_REQUESTED_AT, STOPPED_INACTIVE_AT } from '../../model/labels-and-annotations.ts';
import type { AgenticSession } from '../../model/session.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { startRequestOf } from '../run/start-request.ts';
import { RUN_CREATED, storedConditions } from './conditions.ts';

/** Whether a run is desired. A session that is being deleted wants none, however long its finalizers take. */
export function isWanted({ metadata }: AgenticSession): boolean {
  return metadata.annotations?.[DESIRED_PHASE] === 'Running' && metadata.deletionTimestamp === undefined;
}

/** Whether a start or stop was ever requested, as far as the session still shows it. */
export function wasStarted({ metadata, status }: AgenticSession): boolean {
  const { annotations } = metadata;
  return (
    startRequestOf({ metadata }) !== undefined ||
    annotations?.[STOP_REQUESTED_AT] !== undefined ||
    status?.startTime !== undefined
  );
}

/** Whether the latest request was a stop. */
export function isStopRequested({ metadata }: AgenticSession): boolean {
  const { annotations = {} } = metadata;
  const stoppedAt = parseTimestamp(annotations[STOP_REQUESTED_AT]);
  const startedAt = parseTimestamp(startRequestOf({ metadata })) ?? Number.NEGATIVE_INFINITY;
  return annotations[DESIRED_PHASE] === 'Stopped' && stoppedAt !== undefined && startedAt <= stoppedAt;
}

/** The controller sets both annotations to the same time: if they differ, a user has requested a later stop. */
export function stoppedReasonOf({ metadata }: AgenticSession): 'user' | 'inactivity' {
  const at = metadata.annotations?.[STOP_REQUESTED_AT];
  return at !== undefined && at === metadata.annotations?.[STOPPED_INACTIVE_AT] ? 'inactivity' : 'user';
}

/**
 * Whether the request that was to create the run has reported that it failed. A runner could report it too; the controller
 * would then only repair the run sooner.
 */
export function requestHasFailed(session: AgenticSession): boolean {
  const condition = storedConditions(session).find(({ type }) => type === RUN_CREATED);
  const requestedAt = parseTimestamp(startRequestOf(session));
  const failedAt = parseTimestamp(condition?.lastTransitionTime);
  if (condition?.status !== 'False' || requestedAt === undefined || failedAt === undefined) return false;
  return requestedAt <= failedAt && failedAt <= Math.max(requestedAt, Date.now());
}

/**
 * How long until the session is inactive, in ms; undefined if it has not started or has no inactivity timeout (0). A
 * lastActivityTime in the future, which the runner can write, counts as now.
 */
export function inactiveInMs(
  session: AgenticSession,
  defaultSeconds: number,
  startTime: string | undefined,
  now: number,
) {
  const seconds = session.spec?.inactivityTimeout ?? defaultSeconds;
  const started = parseTimestamp(startTime);
  if (!(typeof seconds === 'number' && seconds > 0) || started === undefined) return undefined;
  const lastActive = Math.min(now, parseTimestamp(session.status?.lastActivityTime) ?? started);
  return Math.max(started, lastActive) + seconds * 1_000 - now;
}
