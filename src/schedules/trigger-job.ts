import { Unavailable } from '../errors.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import { MANAGED_BY_WRIT } from '../model/labels-and-annotations.ts';
import { SCHEDULED_SESSION_LABEL, type TriggerSettings } from '../model/schedule.ts';

type JobTemplate = NonNullable<CronJob['spec']>['jobTemplate'];

/** A tick that Kubernetes has missed for longer is left out. */
export const STARTING_DEADLINE_SECONDS = 300;
const TOKEN_SECONDS = 600;

export interface ScheduleLocation {
  namespace: string;
  name: string;
}

/** UNAVAILABLE unless the administrator has said how the pods of schedules run. */
export function requireTriggers(triggers: TriggerSettings | undefined): TriggerSettings {
  if (triggers) return triggers;
  throw new Unavailable(
    'Sessions cannot be scheduled here: the administrator has not set WRIT_SCHEDULE_IMAGE and WRIT_SCHEDULE_URL',
    { reason: 'SchedulesNotConfigured' },
  );
}

/**
 * The Job of each tick: it asks Writ, with the token of the schedule's own ServiceAccount, to create the session. It runs no
 * code but Writ's, and has no right in the project but to get its CronJob.
 */
export function triggerJob(
  { image, url, tokenHeader }: TriggerSettings,
  { namespace, name }: ScheduleLocation,
  account: string,
): JobTemplate {
  const labels = { [SCHEDULED_SESSION_LABEL]: 'true', ...MANAGED_BY_WRIT };
  return {
    metadata: { labels },
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: STARTING_DEADLINE_SECONDS,
      ttlSecondsAfterFinished: 3_600,
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: account,
          // Its token is mounted below, for a short time.
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 10,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'trigger',
              image,
              args: ['trigger'],
              env: [
                { name: 'WRIT_SCHEDULE_URL', value: url },
                { name: 'WRIT_SCHEDULE_NAMESPACE', value: namespace },
                { name: 'WRIT_SCHEDULE_NAME', value: name },
                ...(tokenHeader === 'authorization'
                  ? []
                  : [{ name: 'WRIT_TOKEN_HEADER', value: tokenHeader }]),
                // It ends in the tick, in minutes since 1970.
                {
                  name: 'WRIT_SCHEDULE_JOB',
                  valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
                },
              ],
              resources: {
                requests: { cpu: '50m', memory: '96Mi', 'ephemeral-storage': '16Mi' },
                limits: { memory: '256Mi', 'ephemeral-storage': '64Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                {
                  name: 'token',
                  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
                  readOnly: true,
                },
              ],
            },
          ],
          volumes: [
            {
              name: 'token',
              // For the API server, to which Writ passes it on.
              projected: {
                sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } }],
              },
            },
          ],
        },
      },
    },
  };
}
