import { beforeAll, expect, it } from 'vitest';
import { PATIENT, runOf, runTemplate, startControlledCluster } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { JOBS } from '../support/objects.ts';

/*
 * An upgrade replaces the policies before the pods. Until then, the API and the controller of the version before create Jobs
 * without limits for what they store. PATIENT: nothing is attempted again because of the time that has passed.
 */

const PROJECT = 'upgraded';
const cluster = startControlledCluster();
const { admin } = cluster;
beforeAll(() => cluster.project(PROJECT));

/** From which the Jobs of the version before are built. */
const earlierTemplate = {
  ...runTemplate,
  workspaceSizeLimit: undefined as unknown as string,
  tmpSizeLimit: undefined as unknown as string,
  runnerTypes: runTemplate.runnerTypes.map((type) => ({ ...type, resources: { requests: {}, limits: {} } })),
};

/** Whether the session has one run, and that with limits. */
async function untilRun(name: string, uid: string) {
  await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });
  const jobs = await cluster.jobs(PROJECT, uid);
  expect(jobs).toHaveLength(1);
  expect(jobs[0].spec.template.spec.volumes).toContainEqual({
    name: 'workspace',
    emptyDir: { sizeLimit: runTemplate.workspaceSizeLimit },
  });
  expect((await cluster.conditions(PROJECT, name)).RunCreated).toMatchObject({ status: 'True' });
}

it('a run that the API of the version before could not create is created by the new controller', async () => {
  const stored = await cluster.startedSession(PROJECT, 'by-the-api');
  const { Job } = runOf(stored);
  for (const volume of Job.spec.template.spec.volumes) if (volume.emptyDir) volume.emptyDir = {};
  const { status, body } = await cluster.sandbox.as('backend').post(JOBS(PROJECT), Job);
  expect([status, body.message]).toEqual([403, expect.stringContaining('have a sizeLimit')]);
  await cluster.startReplica({ timings: PATIENT });
  await cluster.requestFails(PROJECT, 'by-the-api');
  await untilRun('by-the-api', stored.metadata.uid);
});

it('a run that the controller of the version before has given up is created by the new one when it leads', async () => {
  const earlier = await cluster.startReplica({
    timings: PATIENT,
    runners: { mode: 'job', template: earlierTemplate },
  });
  const { metadata } = await cluster.startedSession(PROJECT, 'given-up');
  await cluster.requestFails(PROJECT, 'given-up');
  await eventually(async () =>
    expect((await cluster.conditions(PROJECT, 'given-up')).RunCreated).toMatchObject({
      status: 'False',
      reason: 'AdmissionDenied',
    }),
  );
  expect(await cluster.jobs(PROJECT, metadata.uid)).toEqual([]);
  await earlier.close();
  await cluster.startReplica({ timings: PATIENT });
  await untilRun('given-up', metadata.uid);
});

it('a run that exists is left alone', async () => {
  const stored = await cluster.startedSession(PROJECT, 'from-before');
  const { Job } = runOf(stored);
  for (const volume of Job.spec.template.spec.volumes) if (volume.emptyDir) volume.emptyDir = {};
  const { metadata } = await admin.create(JOBS(PROJECT), Job);
  await cluster.startReplica({ timings: PATIENT });
  await cluster.untilStatus(PROJECT, 'from-before', { phase: 'Creating' });
  const jobs = await cluster.jobs(PROJECT, stored.metadata.uid);
  expect(jobs.map((job: typeof Job) => job.metadata.uid)).toEqual([metadata.uid]);
});
