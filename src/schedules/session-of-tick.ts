import { createHash } from 'node:crypto';

/** The name of a tick's session. There is one for each tick, so that it is created once, however often it is asked for. */
export function sessionNameOfTick(scheduleUid: string, tick: Date): string {
  const digest = createHash('sha256').update(JSON.stringify([scheduleUid, timestampOf(tick)]));
  return `session-${digest.digest('hex').slice(0, 40)}`;
}

/** As Kubernetes writes times. */
export function timestampOf(tick: Date): string {
  return tick.toISOString().replace('.000Z', 'Z');
}
