import { expect, it, onTestFinished } from 'vitest';
import { PATIENT, startControlledCluster } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { JOBS } from '../support/objects.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const cluster = startControlledCluster();
const { admin } = cluster;

/** A policy of the cluster's administrator that allows no Jobs in the project. */
async function denyJobs(project: string, reason: string | undefined) {
  const name = `no-jobs-in-${project}`;
  const policies = `${ADMISSION}/validatingadmissionpolicies`;
  const bindings = `${ADMISSION}/validatingadmissionpolicybindings`;
  await admin.create(policies, {
    metadata: { name },
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': project } },
        resourceRules: [
          { apiGroups: ['batch'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['jobs'] },
        ],
      },
      validations: [{ expression: 'false', message: 'cost centre is missing', ...(reason && { reason }) }],
    },
  });
  onTestFinished(async () => void (await admin.delete(`${policies}/${name}`)));
  await admin.create(bindings, {
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  });
  onTestFinished(async () => void (await admin.delete(`${bindings}/${name}`)));
  const containers = [{ name: 'c', image: 'i' }];
  const job = {
    metadata: { name: 'a' },
    spec: { template: { spec: { restartPolicy: 'Never', containers } } },
  };
  await eventually(async () => {
    const { body } = await admin.post(`${JOBS(project)}?dryRun=All`, job);
    expect(body.message).toContain('denied request');
  });
}

it.each([
  ['by default', undefined, 'AdmissionDenied'],
  ['as forbidden', 'Forbidden', 'AdmissionDenied'],
  ['as too large', 'RequestEntityTooLarge', 'AdmissionDenied'],
])('a run that an admission policy denies %s is given up, and has no token', async (how, denial, reason) => {
  const project = how.replaceAll(' ', '-');
  await cluster.project(project);
  await denyJobs(project, denial);
  const replica = await cluster.startReplica({ timings: PATIENT });
  await cluster.startedSession(project, 'denied');
  await cluster.requestFails(project, 'denied');
  await eventually(async () =>
    expect((await cluster.conditions(project, 'denied')).RunCreated).toMatchObject({
      status: 'False',
      reason,
      message: expect.stringContaining('cost centre is missing'),
    }),
  );
  // The sessions of the tests before it are in other projects, and run now.
  // What the cluster shows already, the controller may learn a moment later.
  await eventually(() => {
    const acts = replica.acts.filter(({ object }) => object.namespace === project);
    expect(new Set(acts.map(({ act }) => act))).toEqual(new Set(['updateSessionStatus']));
    expect(replica.problems.filter(({ session }) => `${session}`.startsWith(project))).toEqual([
      expect.objectContaining({ reason }),
    ]);
  });
});
