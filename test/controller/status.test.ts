import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { containerStatuses, JOB_SPEC, JOBS, jobEnd, SESSIONS } from '../support/objects.ts';
import { putPod, putSession } from '../support/put-objects.ts';
import { CONTROLLER } from '../support/test-cluster.ts';
import { ago, PATIENT, runTemplate, startControlledCluster } from './fixture.ts';

const PROJECT = 'status';
type Fields = Record<string, unknown>;

const T0 = ago(600);
const T1 = ago(60);
const waiting = (reason: string) => containerStatuses({ waiting: { reason, message: 's3cret' } });
const ended = (exitCode: number, reason = 'Error') =>
  containerStatuses({ terminated: { exitCode, reason, message: 's3cret', startedAt: T0, finishedAt: T1 } });
const failed = (reason: string) => jobEnd('Failed', T1, reason);
const complete = jobEnd('Complete', T1);
const unschedulable = {
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 's3cret' }],
};

/** What Job and pod say: what the session's status and its condition RunHealthy say. */
const TABLE: [string, Fields, Fields | undefined, Fields, string][] = [
  ['no pod yet', {}, undefined, { phase: 'Creating' }, 'Starting'],
  [
    'a pod that waits for its container',
    {},
    { phase: 'Pending', ...waiting('ContainerCreating') },
    { phase: 'Creating' },
    'Starting',
  ],
  [
    'an image that is not there',
    {},
    { phase: 'Pending', ...waiting('ErrImagePull') },
    { phase: 'Creating' },
    'ImagePullFailed',
  ],
  [
    'an image pull that is given up for now',
    {},
    { phase: 'Pending', ...waiting('ImagePullBackOff') },
    { phase: 'Creating' },
    'ImagePullFailed',
  ],
  [
    'an image name that is none',
    {},
    { phase: 'Pending', ...waiting('InvalidImageName') },
    { phase: 'Creating' },
    'ImagePullFailed',
  ],
  [
    'a container that cannot be configured',
    {},
    { phase: 'Pending', ...waiting('CreateContainerConfigError') },
    { phase: 'Creating' },
    'ContainerConfigInvalid',
  ],
  ['no node for the pod', {}, { phase: 'Pending', ...unschedulable }, { phase: 'Creating' }, 'Unschedulable'],
  [
    'a pod that runs',
    { startTime: T0, active: 1, ready: 1 },
    { phase: 'Running', ...containerStatuses({ running: { startedAt: T0 } }) },
    { phase: 'Running', startTime: T0 },
    'Running',
  ],
  [
    'a pod that has ended a moment before its Job',
    { startTime: T0 },
    { phase: 'Succeeded', ...ended(0, 'Completed') },
    { phase: 'Running', startTime: T0 },
    'Completed',
  ],
  [
    'a Job that is complete',
    { startTime: T0, ...complete },
    { phase: 'Succeeded', ...ended(0, 'Completed') },
    { phase: 'Completed', startTime: T0, completionTime: T1 },
    'Completed',
  ],
  [
    'a container out of memory',
    { startTime: T0, ...failed('BackoffLimitExceeded') },
    { phase: 'Failed', ...ended(137, 'OOMKilled') },
    { phase: 'Failed', startTime: T0, completionTime: T1 },
    'OutOfMemory',
  ],
  [
    'a container that ended with 3',
    { startTime: T0, ...failed('BackoffLimitExceeded') },
    { phase: 'Failed', ...ended(3) },
    { phase: 'Failed', completionTime: T1 },
    'ExitCode',
  ],
  [
    'a Job beyond its deadline',
    { startTime: T0, failed: 1, ...failed('DeadlineExceeded') },
    undefined,
    { phase: 'Failed', completionTime: T1 },
    'DeadlineExceeded',
  ],
  [
    'a pod that was evicted',
    { startTime: T0, ...failed('BackoffLimitExceeded') },
    { phase: 'Failed', reason: 'Evicted' },
    { phase: 'Failed' },
    'Evicted',
  ],
  [
    'a failed Job without a pod',
    { startTime: T0, ...failed('BackoffLimitExceeded') },
    undefined,
    { phase: 'Failed' },
    'PodFailed',
  ],
]; // prettier-ignore

describe("a session's status", () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, session, conditions, makeRun, setStatus, untilStatus } = cluster;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await cluster.startReplica({ timings: PATIENT });
  });

  it.each(TABLE.map((row, index) => [...row, index] as const))(
    'with %s',
    async (_, jobStatus, podStatus, status, reason, index) => {
      const name = `row-${index}`;
      const stored = await startedSession(PROJECT, name);
      const run = await makeRun(stored);
      const { body: job } = await admin.get(`${JOBS(PROJECT)}/${run}`);
      if (podStatus) await putPod(admin, job, { status: podStatus });
      await setStatus(`${JOBS(PROJECT)}/${run}`, jobStatus);
      await untilStatus(PROJECT, name, { ...status, observedGeneration: 1 });
      await eventually(async () => expect((await conditions(PROJECT, name)).RunHealthy?.reason).toBe(reason));
      const { message } = (await conditions(PROJECT, name)).RunHealthy ?? {};
      expect(message).not.toMatch(/s3cret/);
      if (reason === 'ExitCode') expect(message).toContain('exit code 3');
    },
  );

  it('is what the Job says, whatever a runner has written; what is the runner\u2019s stays', async () => {
    const stored = await startedSession(PROJECT, 'liar');
    const run = await makeRun(stored);
    await untilStatus(PROJECT, 'liar', { phase: 'Creating' });
    const own = {
      sdkSessionId: 'sdk-1',
      lastActivityTime: T0,
      reconciledRepos: [{ url: 'https://h/x', status: 'Ready' }],
    };
    const junk = Array.from({ length: 64 }, (_, n) => ({ type: `Junk${n}`, status: 'True' }));
    await setStatus(`${SESSIONS(PROJECT)}/liar`, {
      ...own,
      phase: 'Completed',
      startTime: T0,
      completionTime: T0,
      stoppedReason: 'user',
      observedGeneration: 99,
      conditions: junk,
    });
    await untilStatus(PROJECT, 'liar', { ...own, phase: 'Creating', observedGeneration: 1 });
    await eventually(async () =>
      expect(Object.keys(await conditions(PROJECT, 'liar'))).toEqual(
        expect.arrayContaining(['RunHealthy', 'RunCreated', 'Junk0', 'Junk61']),
      ),
    );
    const { status } = await session(PROJECT, 'liar');
    expect(status.conditions.length).toBe(64);
    for (const field of ['startTime', 'completionTime', 'stoppedReason'])
      expect(status).not.toHaveProperty(field);
    expect((await admin.get(`${JOBS(PROJECT)}/${run}`)).status).toBe(200);
  });

  it('counts Jobs by their name and their owner\u2019s UID, not by labels', async () => {
    const stored = await startedSession(PROJECT, 'labels');
    const { uid } = stored.metadata;
    const forged = {
      metadata: { name: `session-${uid}-7`, labels: { 'ambient-code.io/session-uid': uid } },
      spec: JOB_SPEC,
    };
    await admin.create(JOBS(PROJECT), forged);
    await setStatus(`${JOBS(PROJECT)}/session-${uid}-7`, { startTime: T0, ...complete });
    await cluster.requestFails(PROJECT, 'labels');
    await untilStatus(PROJECT, 'labels', { phase: 'Creating' });
    expect((await admin.get(`${JOBS(PROJECT)}/session-${uid}-1`)).status).toBe(200);
    await admin.patch(`${JOBS(PROJECT)}/session-${uid}-1`, {
      metadata: { labels: { 'ambient-code.io/session-uid': null } },
    });
    await setStatus(`${JOBS(PROJECT)}/session-${uid}-1`, { startTime: T0, ...complete });
    await untilStatus(PROJECT, 'labels', { phase: 'Completed' });
  });

  it('is written once for each change, and not again', async () => {
    const stored = await startedSession(PROJECT, 'calm');
    const run = await makeRun(stored);
    await untilStatus(PROJECT, 'calm', { phase: 'Creating' });
    const writes = () =>
      cluster.sandbox.requests.filter(
        ({ user, verb, subresource, name }) =>
          user === CONTROLLER && verb === 'patch' && subresource === 'status' && name === 'calm',
      ).length;
    expect(writes()).toBe(1);
    // Events that change nothing of it.
    for (let n = 0; n < 5; n += 1) {
      await admin.patch(`${JOBS(PROJECT)}/${run}`, { metadata: { annotations: { n: `${n}` } } });
      await admin.patch(`${SESSIONS(PROJECT)}/calm`, { metadata: { labels: { n: `${n}` } } });
    }
    const other = await startedSession(PROJECT, 'marker');
    await makeRun(other);
    await untilStatus(PROJECT, 'marker', { phase: 'Creating' });
    expect(writes()).toBe(1);
  });

  it('of a session that nobody has started is Pending', async () => {
    await putSession(admin, PROJECT, 'fresh');
    await untilStatus(PROJECT, 'fresh', { phase: 'Pending', observedGeneration: 1 });
  });

  it.each(['Stopped', 'Completed', 'Failed'])(
    'that says %s of a run whose Job is gone stays so',
    async (phase) => {
      const name = `ended-${phase.toLowerCase()}`;
      const status = { phase, stoppedReason: 'inactivity', completionTime: T1 };
      await putSession(admin, PROJECT, name, { status });
      await untilStatus(PROJECT, name, { ...status, observedGeneration: 1 });
    },
  );
});

it("a session's status is left to an operator where runs are the operator\u2019s", async () => {
  const cluster = await inTest(startControlledCluster);
  await cluster.project(PROJECT);
  const idle = await cluster.startReplica({ runners: { mode: 'operator', template: runTemplate } });
  await cluster.startedSession(PROJECT, 'theirs');
  await eventually(() => idle.controller.ready());
  await idle.close();
  const reads = ['get', 'list', 'watch'];
  const own = cluster.sandbox.requests.filter(
    ({ user, verb, namespace }) =>
      user === CONTROLLER && !reads.includes(verb) && namespace !== 'writ-system',
  );
  expect(own).toEqual([]);
});
