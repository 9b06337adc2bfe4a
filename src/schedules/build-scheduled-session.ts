import type { Writ } from '../authorization/writ.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import type { RunTemplate } from '../model/run-template.ts';
import { SCHEDULE_UID, SCHEDULED_TIME } from '../model/schedule.ts';
import type { AgenticSessionManifest } from '../model/session.ts';
import { buildSession } from '../sessions/build-session.ts';
import { sessionNameOfTick, timestampOf } from './session-of-tick.ts';
import { readSessionTemplate } from './session-template.ts';

/**
 * A session of a schedule, to be started, in the name of the Writ's subject. Its template is validated again: BAD_USER_INPUT if
 * it breaks a rule by now.
 *
 * @param tick absent if a user creates it at another time
 */
export function buildScheduledSession(
  cronJob: CronJob,
  writ: Writ,
  runTemplate: RunTemplate,
  tick?: Date,
): AgenticSessionManifest {
  const { name, uid, namespace = '' } = cronJob.metadata;
  const input = { ...readSessionTemplate(cronJob, runTemplate), project: namespace };
  const { metadata, ...rest } = buildSession(input, writ, runTemplate, true);
  const { generateName: _, name: __, ...others } = metadata;
  const origin = { [SCHEDULE_UID]: uid };
  return {
    ...rest,
    metadata: {
      ...others,
      ...(tick ? { name: sessionNameOfTick(uid, tick) } : { generateName: `${name.slice(0, 52)}-` }),
      labels: { ...metadata.labels, ...origin },
      annotations: {
        ...metadata.annotations,
        ...origin,
        ...(tick && { [SCHEDULED_TIME]: timestampOf(tick) }),
      },
    },
  };
}
