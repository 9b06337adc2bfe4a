import { DESIRED_PHASE, STOP_REQUESTED_AT, STOPPED_INACTIVE_AT } from '../../model/labels-and-annotations.ts';
import type { AgenticSession } from '../../model/session.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { startRequestOf } from '../run/start-request.ts';
import { RUN_CREATED, storedConditions } from './conditions.ts';

/** The right to set this annotation is the right to start. A session that goes wants no run, however long it takes. */
export function isWanted({ metadata }: AgenticSession): boolean {
  return metadata.annotations?.[DESIRED_PHASE] === 'Running' && metadata.deletionTimestamp === undefined;
}

/** Whether somebody ever asked for a run or its end, as far as anything still says so. */
export function wasStarted({ metadata, status }: AgenticSession): boolean {
  const { annotations } = metadata;
  return (
    startRequestOf({ metadata }) !== undefined ||
    annotations?.[STOP_REQUESTED_AT] !== undefined ||
    status?.startTime !== undefined
  );
}

/** The latest stop was the controller's own if it noted its very time twice. */
export function stoppedReasonOf({ metadata }: AgenticSession): 'user' | 'inactivity' {
  const at = metadata.annotations?.[STOP_REQUESTED_AT];
  return at !== undefined && at === metadata.annotations?.[STOPPED_INACTIVE_AT] ? 'inactivity' : 'user';
}

/**
 * Whether the request that was to make the run has said that it failed. A runner could say it too: then the controller
 * only looks sooner.
 */
export function requestHasFailed(session: AgenticSession): boolean {
  const condition = storedConditions(session).find(({ type }) => type === RUN_CREATED);
  const askedAt = parseTimestamp(startRequestOf(session));
  const saidAt = parseTimestamp(condition?.lastTransitionTime);
  if (condition?.status !== 'False' || askedAt === undefined || saidAt === undefined) return false;
  return askedAt <= saidAt && saidAt <= Math.max(askedAt, Date.now());
}

/**
 * How long until the session counts as inactive, in ms; undefined where it never does (0 seconds). What the runner says of its last
 * activity is only believed up to now.
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
  const active = Math.min(now, parseTimestamp(session.status?.lastActivityTime) ?? started);
  return Math.max(started, active) + seconds * 1_000 - now;
}
