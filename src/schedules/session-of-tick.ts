import { createHash } from 'node:crypto';
import type { CronJob } from '../kubernetes/resources.ts';
import { SCHEDULE_UID, SCHEDULED_TIME } from '../model/schedule.ts';
import type { AgenticSessionManifest } from '../model/session.ts';

/** The name of a tick's session. There is one for each tick, so that it is created once, however often it is asked for. */
export function sessionNameOfTick(scheduleUid: string, tick: Date): string {
  const digest = createHash('sha256').update(JSON.stringify([scheduleUid, timestampOf(tick)]));
  return `session-${digest.digest('hex').slice(0, 40)}`;
}

/** As Kubernetes writes times. */
export function timestampOf(tick: Date): string {
  return tick.toISOString().replace('.000Z', 'Z');
}

/** The manifest with what marks a session as one that the schedule has created. */
export function withSchedule(
  manifest: AgenticSessionManifest,
  schedule: CronJob,
  tick: Date,
): AgenticSessionManifest {
  const { metadata } = manifest;
  const origin = { [SCHEDULE_UID]: schedule.metadata.uid };
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...origin },
      annotations: { ...metadata.annotations, ...origin, [SCHEDULED_TIME]: timestampOf(tick) },
    },
  };
}
