import { expect } from 'vitest';
import type { ScheduleOwner } from '../../src/model/schedule.ts';
import { CORE, CRON_JOBS } from './objects.ts';
import { allow } from './put-objects.ts';
import type { TestCluster, Who } from './test-cluster.ts';

type Fields = Record<string, unknown>;

export interface ScheduleOptions {
  /** Of the owner's record, or the whole of it as text. */
  owner?: Partial<ScheduleOwner> | string;
  ownedBy?: Who;
  template?: Fields | string;
  /** Null: not recorded. */
  policy?: string | null;
  annotations?: Fields;
  labels?: Fields;
  spec?: Fields;
}

export type TestSchedule = Awaited<ReturnType<typeof putSchedule>>;

/** The latest minute that has begun. */
function minute(): Date {
  return new Date(Math.floor(Date.now() / 60_000) * 60_000);
}

/** A schedule as Writ creates it, with its ServiceAccount, which may get its own CronJob and nothing else. */
export async function putSchedule(
  cluster: TestCluster,
  namespace: string,
  name: string,
  options: ScheduleOptions = {},
) {
  const { ownedBy = 'alice', policy = 'ALLOW', template = {} } = options;
  const admin = cluster.as('admin');
  const { username, uid, groups } = cluster.identities[ownedBy];
  const { owner = {} } = options;
  const recorded = { username, uid, groups, extra: {}, reviewedAt: new Date().toISOString() };
  const manifest = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name,
      labels: { 'ambient-code.io/scheduled-session': 'true', ...options.labels },
      annotations: {
        'ambient-code.io/schedule-owner':
          typeof owner === 'string' ? owner : JSON.stringify({ ...recorded, ...owner }),
        'ambient-code.io/session-template':
          typeof template === 'string' ? template : JSON.stringify({ displayName: name, ...template }),
        ...(policy !== null && { 'ambient-code.io/concurrency-policy': policy }),
        ...options.annotations,
      },
    },
    spec: { schedule: '* * * * *', timeZone: 'Etc/UTC', suspend: false, ...options.spec },
  };
  const path = CRON_JOBS(namespace);
  const created = minute();
  const { metadata } = await putCronJob(cluster, path, manifest);
  const account = await putAccount(cluster, namespace, `schedule-${metadata.uid}`);
  await allow(admin, namespace, account.subject, [
    { apiGroups: ['batch'], resources: ['cronjobs'], resourceNames: [name], verbs: ['get'] },
  ]);
  return {
    namespace,
    name,
    uid: metadata.uid as string,
    path: `${path}/${name}`,
    ...account,
    /** The minute in which it was created, or another one: the clock goes on during a test. */
    minute: (offset = 0) => new Date(created.getTime() + offset * 60_000),
    job: (tick = created) => jobOf(name, tick),
  };
}

/**
 * As Writ creates a schedule, where its policies let nobody else, and what it may write: suspended, and without an account
 * until it has a UID. Else as the admin, since it may be one that Writ creates no more.
 */
async function putCronJob(cluster: TestCluster, path: string, manifest: CronJobFields) {
  const { spec, metadata } = manifest;
  const created = await cluster.as('backend').post(path, {
    ...manifest,
    spec: { ...spec, suspend: true, jobTemplate: jobTemplateFor('schedule-unset') },
  });
  if (created.status !== 201)
    return cluster
      .as('admin')
      .create(path, { ...manifest, spec: { ...spec, jobTemplate: jobTemplateFor('a') } });
  const jobTemplate = jobTemplateFor(`schedule-${created.body.metadata.uid}`);
  const operations = [
    { op: 'add', path: '/spec/suspend', value: spec.suspend },
    { op: 'add', path: '/spec/jobTemplate', value: jobTemplate },
  ];
  const type = { 'content-type': 'application/json-patch+json' };
  return cluster.as('backend').must('PATCH', `${path}/${metadata.name}`, operations, type);
}

interface CronJobFields {
  metadata: { name: string };
  spec: Fields;
}

/** What the policies demand of the Job, whose pod a test plays. */
function jobTemplateFor(serviceAccountName: string): Fields {
  return {
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 300,
      template: {
        spec: {
          serviceAccountName,
          automountServiceAccountToken: false,
          restartPolicy: 'Never',
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'trigger',
              image: 'example/writ',
              args: ['trigger'],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}

/** A ServiceAccount with a token of its own. */
export async function putAccount(cluster: TestCluster, namespace: string, name: string) {
  const admin = cluster.as('admin');
  const accounts = CORE(namespace, 'serviceaccounts');
  await admin.create(accounts, { metadata: { name } });
  const { status } = await admin.create(`${accounts}/${name}/token`, { spec: {} });
  return {
    subject: { kind: 'ServiceAccount', namespace, name },
    username: `system:serviceaccount:${namespace}:${name}`,
    token: status.token as string,
  };
}

/** As Kubernetes names the Job of a tick. */
export function jobOf(name: string, tick: Date): string {
  return `${name}-${tick.getTime() / 60_000}`;
}

export const RUN_SCHEDULED_SESSION = `mutation ($input: RunScheduledSessionInput!) {
  runScheduledSession(input: $input) { outcome sessionName scheduledTime }
}`;

/** Replaces the note of active sessions, as the controller does. */
export async function noteActive(cluster: TestCluster, { path }: TestSchedule, note: string) {
  const annotations = { 'ambient-code.io/active-sessions': note };
  const { status } = await cluster.as('controller').patch(path, { metadata: { annotations } });
  expect(status).toBe(200);
}
