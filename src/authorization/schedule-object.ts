import { isDeepStrictEqual } from 'node:util';
import type { CronJob } from '../kubernetes/resources.ts';
import { DISPLAY_NAME } from '../model/labels-and-annotations.ts';
import {
  CONCURRENCY_POLICY,
  SCHEDULED_SESSION_LABEL,
  SESSION_TEMPLATE,
  SUSPENDED_REASON,
  UNSET_ACCOUNT,
} from '../model/schedule.ts';

/** A CronJob before it is stored. */
export type CronJobManifest = Pick<CronJob, 'spec'> & {
  apiVersion: string;
  kind: string;
  metadata: { namespace: string; name: string; labels: Record<string, string>; annotations: Annotations };
};
export type Annotations = Record<string, string>;
type JobTemplate = NonNullable<CronJob['spec']>['jobTemplate'];

/** What an edit of a schedule sets. Undefined leaves unchanged, null removes. */
export interface ScheduleChanges {
  annotations?: Record<string, string | null | undefined>;
  spec?: { schedule?: string; timeZone?: string; suspend?: boolean; jobTemplate?: JobTemplate };
}

/** The owner is not among them: the act itself sets it. */
const ANNOTATIONS: readonly string[] = [DISPLAY_NAME, SESSION_TEMPLATE, CONCURRENCY_POLICY, SUSPENDED_REASON];
const SPEC_FIELDS = ['schedule', 'timeZone', 'suspend', 'jobTemplate'];
const POD_FIELDS = [
  'automountServiceAccountToken',
  'containers',
  'enableServiceLinks',
  'restartPolicy',
  'securityContext',
  'serviceAccountName',
  'terminationGracePeriodSeconds',
  'volumes',
];

/**
 * Throws a TypeError unless the manifest is a suspended schedule, whose pods run the command `trigger` and get no right of
 * the project. It deliberately shares no code with the builder of schedules: a mistake there must not pass here.
 */
export function assertNewSchedule({ metadata, spec }: CronJobManifest): void {
  const { labels, annotations, ...rest } = metadata;
  const isNew =
    labels[SCHEDULED_SESSION_LABEL] === 'true' &&
    Object.keys(rest).every((key) => ['name', 'namespace'].includes(key)) &&
    Object.keys(annotations).every((key) => ANNOTATIONS.includes(key)) &&
    spec?.suspend === true &&
    isTrigger(spec.jobTemplate, UNSET_ACCOUNT);
  if (!isNew) throw new TypeError(`not a new schedule: ${metadata.name}`);
}

/** TypeError unless an edit may set this. @param account the schedule's own ServiceAccount */
export function assertScheduleChanges(
  { annotations = {}, spec = {} }: ScheduleChanges,
  account: string,
): void {
  const isEdit =
    Object.keys(annotations).every((key) => ANNOTATIONS.includes(key)) &&
    Object.keys(spec).every((key) => SPEC_FIELDS.includes(key)) &&
    (spec.jobTemplate === undefined || isTrigger(spec.jobTemplate, account));
  if (!isEdit) throw new TypeError('not a change of a schedule');
}

function isTrigger({ spec }: JobTemplate, account: string): boolean {
  const pod = spec?.template.spec;
  const [container, ...others] = pod?.containers ?? [];
  if (!pod || !container || others.length > 0) return false;
  const isTokenOnly = (pod.volumes ?? []).every(
    ({ name: _, projected, ...other }) =>
      Object.keys(other).length === 0 &&
      projected?.sources?.every(({ serviceAccountToken, ...source }) => {
        return serviceAccountToken?.audience === undefined && Object.keys(source).length === 0;
      }),
  );
  return (
    pod.serviceAccountName === account &&
    pod.automountServiceAccountToken === false &&
    Object.keys(pod).every((field) => POD_FIELDS.includes(field)) &&
    isDeepStrictEqual(container.args, ['trigger']) &&
    container.command === undefined &&
    container.envFrom === undefined &&
    (container.env ?? []).every(({ valueFrom }) => valueFrom === undefined || 'fieldRef' in valueFrom) &&
    isTokenOnly
  );
}
