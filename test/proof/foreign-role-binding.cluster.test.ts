import { expect, it } from 'vitest';
import { DESIRED, PATHS, PATIENT, STOPPED, startControlledCluster } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { JOBS, SESSIONS } from '../support/objects.ts';

const PROJECT = 'foreign-binding';
const cluster = startControlledCluster();
const { admin } = cluster;

it('a RoleBinding to a ClusterRole with the name and owner of a run is left alone, and the run is cleaned up', async () => {
  await cluster.project(PROJECT);
  const run = await cluster.makeRun(await cluster.startedSession(PROJECT, 'stopped'));
  const path = `${PATHS.RoleBinding(PROJECT)}/${run}`;
  const { metadata, ...binding } = (await admin.get(path)).body;
  const { name, ownerReferences } = metadata;
  await admin.delete(path);
  await admin.create(PATHS.RoleBinding(PROJECT), {
    ...binding,
    metadata: { name, ownerReferences },
    roleRef: { ...binding.roleRef, kind: 'ClusterRole', name: 'ambient-project-view' },
  });
  const replica = await cluster.startReplica({ timings: PATIENT });
  await cluster.untilStatus(PROJECT, 'stopped', { phase: 'Creating' });
  await cluster.annotate(PROJECT, 'stopped', { [DESIRED]: 'Stopped', [STOPPED]: new Date().toISOString() });
  for (const location of [JOBS, PATHS.Secret, PATHS.Role, PATHS.ServiceAccount])
    await eventually(async () => expect((await admin.get(`${location(PROJECT)}/${run}`)).status).toBe(404));
  for (let pass = 0; pass < 3; pass += 1) {
    await cluster.setStatus(`${SESSIONS(PROJECT)}/stopped`, { phase: 'Running' });
    await cluster.untilStatus(PROJECT, 'stopped', { phase: 'Stopped' });
  }
  const attempts = replica.acts.filter(({ object }) => object.kind === 'RoleBinding');
  expect(new Set(attempts.map(({ act, outcome }) => `${act} ${outcome}`))).toEqual(
    new Set(['deleteRunObject failed']),
  );
  expect(replica.problems).toEqual([]);
  expect((await admin.get(path)).status).toBe(200);
});
