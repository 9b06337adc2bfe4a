import type { Writ } from '../authorization/writ.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import type { RunTemplate } from '../model/run-template.ts';
import { SCHEDULE_UID } from '../model/schedule.ts';
import type { AgenticSessionManifest } from '../model/session.ts';
import { buildSession } from '../sessions/build-session.ts';
import { readSessionTemplate } from './session-template.ts';

/**
 * A session of a schedule, to be started, in the name of the Writ's subject. Its template is validated again: BAD_USER_INPUT if
 * it breaks a rule by now.
 */
export function buildScheduledSession(
  cronJob: CronJob,
  writ: Writ,
  runTemplate: RunTemplate,
): AgenticSessionManifest {
  const { name, uid, namespace = '' } = cronJob.metadata;
  const input = { ...readSessionTemplate(cronJob, runTemplate), project: namespace };
  const { metadata, ...rest } = buildSession(input, writ, runTemplate, true);
  return {
    ...rest,
    metadata: {
      ...metadata,
      generateName: `${name.slice(0, 52)}-`,
      labels: { ...metadata.labels, [SCHEDULE_UID]: uid },
      annotations: { ...metadata.annotations, [SCHEDULE_UID]: uid },
    },
  };
}
