import type { Condition } from '../../kubernetes/resources.ts';
import type { AgenticSession } from '../../model/session.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import type { RunReason } from './run-reason.ts';

/** The conditions that Writ writes. */
export const RUN_CREATED = 'RunCreated';
export const RUN_HEALTHY = 'RunHealthy';
export const OWN_CONDITIONS: readonly string[] = [RUN_CREATED, RUN_HEALTHY];

export type OwnConditions = Partial<Record<typeof RUN_CREATED | typeof RUN_HEALTHY, RunReason>>;

/** Conditions of others are dropped beyond this length of the list: a runner could fill it. */
const MAX_CONDITIONS = 64;

/** The conditions of a stored session; none if the field is not a list. */
export function storedConditions({ status }: Pick<AgenticSession, 'status'>): Condition[] {
  const conditions: unknown = status?.conditions;
  return Array.isArray(conditions) ? (conditions as Condition[]) : [];
}

/**
 * The session's conditions with `own` set. Their order is kept, so that the list is equal if no condition has changed;
 * lastTransitionTime is kept while a condition's status is the same.
 *
 * @param since in ms since 1970: an earlier lastTransitionTime belongs to an earlier run and is not kept
 */
export function conditionsWith(
  session: AgenticSession,
  own: OwnConditions,
  now: Date,
  since = parseTimestamp(session.metadata.creationTimestamp) ?? 0,
): Condition[] {
  const stored = storedConditions(session);
  const { generation } = session.metadata;
  const latest = notBeforeCreation(session, now);
  const written = Object.entries(own).map(([type, { status, reason, message }]): Condition => {
    const before = stored.find((condition) => condition.type === type);
    const at = parseTimestamp(before?.lastTransitionTime) ?? Number.POSITIVE_INFINITY;
    const isSame = before?.status === status && since <= at && at <= latest.getTime();
    return {
      type,
      status,
      reason,
      message,
      // In milliseconds: it is compared with the time of the start (desired-state.ts).
      lastTransitionTime: (isSame && before.lastTransitionTime) || latest.toISOString(),
      ...(generation !== undefined && { observedGeneration: generation }),
    };
  });
  const replaced = stored.map(
    (condition) => written.find(({ type }) => type === condition.type) ?? condition,
  );
  const added = written.filter(({ type }) => !stored.some((condition) => condition.type === type));
  const ownTypes = new Set<string>();
  const all = [...replaced, ...added];
  let left = MAX_CONDITIONS - OWN_CONDITIONS.filter((own) => all.some(({ type }) => type === own)).length;
  return all.filter(({ type }) => {
    if (!OWN_CONDITIONS.includes(type)) return left-- > 0;
    const isFirst = !ownTypes.has(type);
    ownTypes.add(type);
    return isFirst;
  });
}

/** Now, or the creation time if the API server's clock is ahead: otherwise each pass would reject the stored time. */
export function notBeforeCreation(
  { metadata }: { metadata: { creationTimestamp: string } },
  now: Date,
): Date {
  return new Date(Math.max(now.getTime(), parseTimestamp(metadata.creationTimestamp) ?? 0));
}
