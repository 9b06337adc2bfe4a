import { z } from 'zod';
import { BadUserInput } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { causesOf } from '../kubernetes/status.ts';
import { CONCURRENCY_POLICIES, MAX_SCHEDULE_NAME_LENGTH } from '../model/schedule.ts';
import { displayName, dnsLabel, resourceVersion } from '../sessions/session-fields.ts';
import { parseExpression } from './cron-expression.ts';
import { zoneClock } from './time-zone.ts';

export const DEFAULT_TIME_ZONE = 'Etc/UTC';

const schedule = z.string().refine((text) => parseExpression(text) !== undefined, {
  error:
    'must be a cron expression of five fields as Kubernetes accepts it: minute, hour, day of month, month (1-12 or names) and day of week (0-6 or names), without a time zone and without forms such as @hourly',
});
const timeZone = z.string().refine((name) => zoneClock(name) !== undefined, {
  error: 'must be the name of a time zone, such as Europe/Berlin',
});
const concurrencyPolicy = z.enum(CONCURRENCY_POLICIES);

/** The session template is checked by itself: its rules depend on the runner types. */
export const createScheduleFields = z.object({
  project: dnsLabel,
  name: dnsLabel.refine(
    (name) => name.length <= MAX_SCHEDULE_NAME_LENGTH,
    `must have at most ${MAX_SCHEDULE_NAME_LENGTH} characters: Kubernetes appends the time to it`,
  ),
  displayName: displayName.nullish(),
  schedule,
  timeZone: timeZone.nullish(),
  suspended: z.boolean().nullish(),
  concurrencyPolicy: concurrencyPolicy.nullish(),
});

export const updateScheduleFields = z.object({
  resourceVersion: resourceVersion.nullish(),
  displayName: displayName.nullish(),
  schedule: schedule.optional(),
  timeZone: timeZone.nullish(),
  concurrencyPolicy: concurrencyPolicy.nullish(),
});

/** The inputs that become fields of the CronJob, which Kubernetes itself validates last. */
const INPUT_OF_FIELD: Record<string, string> = {
  'spec.schedule': 'input.schedule',
  'spec.timeZone': 'input.timeZone',
  'metadata.name': 'input.name',
};

/** For `catch`: BAD_USER_INPUT that names the input, if Kubernetes has rejected a field that it becomes. */
export function rejectedInput(error: unknown): never {
  if (error instanceof KubernetesError && error.statusCode === 422) {
    const paths = causesOf(error.status).flatMap(({ field }) => INPUT_OF_FIELD[String(field)] ?? []);
    const message = 'is not accepted by the cluster';
    if (paths.length > 0) throw new BadUserInput([...new Set(paths)].map((path) => ({ path, message })));
  }
  throw error;
}
