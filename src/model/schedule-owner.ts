import { z } from 'zod';
import type { CronJob } from '../kubernetes/resources.ts';
import { SCHEDULE_OWNER, type ScheduleOwner } from './schedule.ts';

const MAX_OWNER_LENGTH = 256 * 1_024;
const DAY_MS = 86_400_000;
/** How far the clocks of two of Writ's replicas may differ. */
const SKEW_MS = 60_000;

const owner = z.strictObject({
  username: z.string().min(1),
  uid: z.string(),
  groups: z.array(z.string()),
  extra: z.record(z.string(), z.array(z.string())),
  reviewedAt: z.iso.datetime({ offset: true }),
});

/** The owner that the CronJob records; undefined if it records none, or something else. */
export function readOwner({ metadata }: CronJob): ScheduleOwner | undefined {
  const text = metadata.annotations?.[SCHEDULE_OWNER];
  if (text === undefined || text.length > MAX_OWNER_LENGTH) return undefined;
  try {
    return owner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Why a schedule may create no session, whatever its owner's rights are: a sentence about the recorded owner. Undefined if
 * the cluster is to be asked for them.
 *
 * @param maxAgeDays how long after the review that made them the owner
 * @param now in ms since 1970
 */
export function ownerProblem(
  owner: ScheduleOwner | undefined,
  maxAgeDays: number,
  now: number,
): string | undefined {
  if (!owner) return 'The record of the owner is missing or malformed';
  const ageMs = now - Date.parse(owner.reviewedAt);
  if (ageMs < -SKEW_MS) return 'The owner was recorded at a time in the future';
  if (ageMs > maxAgeDays * DAY_MS) return `The owner was recorded more than ${maxAgeDays} days ago`;
  return undefined;
}
