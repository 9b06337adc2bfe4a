import { expect } from 'vitest';
import type { ScheduleOwner } from '../../src/model/schedule.ts';
import { CORE, CRON_JOBS, JOB_SPEC } from './objects.ts';
import { allow } from './put-objects.ts';
import type { TestCluster, Who } from './test-cluster.ts';

type Fields = Record<string, unknown>;

export interface ScheduleOptions {
  /** Of the owner's record, or the whole of it as text. */
  owner?: Partial<ScheduleOwner> | string;
  ownedBy?: Who;
  template?: Fields | string;
  policy?: string;
  annotations?: Fields;
  labels?: Fields;
  spec?: Fields;
}

export type TestSchedule = Awaited<ReturnType<typeof putSchedule>>;

/** The latest minute that has begun, or another one. */
export function minute(offset = 0): Date {
  return new Date((Math.floor(Date.now() / 60_000) + offset) * 60_000);
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
        'ambient-code.io/concurrency-policy': policy,
        ...options.annotations,
      },
    },
    spec: {
      schedule: '* * * * *',
      timeZone: 'Etc/UTC',
      suspend: false,
      // A test plays the pod.
      jobTemplate: { spec: { suspend: true, ...JOB_SPEC } },
      ...options.spec,
    },
  };
  const path = CRON_JOBS(namespace);
  // Where a policy lets Writ alone write an owner, this is Writ.
  const created = await admin.post(path, manifest);
  const { status, body } =
    created.status === 403 ? await cluster.as('backend').post(path, manifest) : created;
  expect([status, name]).toEqual([201, name]);
  const account = await putAccount(cluster, namespace, `schedule-${body.metadata.uid}`);
  await allow(admin, namespace, account.subject, [
    { apiGroups: ['batch'], resources: ['cronjobs'], resourceNames: [name], verbs: ['get'] },
  ]);
  return {
    namespace,
    name,
    uid: body.metadata.uid as string,
    path: `${path}/${name}`,
    ...account,
    job: (tick = minute()) => jobOf(name, tick),
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
