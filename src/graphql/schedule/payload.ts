import type { CronJob } from '../../kubernetes/resources.ts';
import { builder } from '../builder.ts';
import { ScheduledSession } from './type.ts';

/** The payload type of a mutation that returns a scheduled session. */
export function schedulePayload(mutation: string, description: string) {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Payload`;
  return builder.objectRef<{ scheduledSession: CronJob }>(name).implement({
    description: `The result of the mutation \`${mutation}\`.`,
    fields: (t) => ({
      scheduledSession: t.field({
        type: ScheduledSession,
        description,
        resolve: ({ scheduledSession }) => scheduledSession,
      }),
    }),
  });
}
