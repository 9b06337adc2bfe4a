import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { projectSettings, SETTINGS } from '../support/objects.ts';
import { isRealCluster } from '../support/test-cluster.ts';
import { runTemplate, startControlledCluster } from './fixture.ts';

// The policy writ-runs refuses runs with other Secrets until the administrator has allowed them there.
describe.skipIf(isRealCluster())('a run that the controller creates', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, jobs } = cluster;

  it.each([
    ['team-secrets', 'team-secrets'],
    ['other', 'ambient-runner-secrets'],
  ])('mounts the Secret that the settings choose, if it is allowed: %s means %s', async (chosen, mounted) => {
    const project = `chosen-${chosen}`;
    await cluster.project(project);
    await admin.create(SETTINGS(project), projectSettings({ runnerSecretsName: chosen }));
    const template = { ...runTemplate, allowedRunnerSecretsNames: ['team-secrets'] };
    await cluster.startReplica({ runners: { mode: 'job', template } });
    const { metadata } = await startedSession(project, 'started');
    await eventually(async () => expect(await jobs(project, metadata.uid)).toHaveLength(1));
    const [job] = await jobs(project, metadata.uid);
    const [{ envFrom }] = job.spec.template.spec.containers;
    expect(envFrom).toEqual([{ secretRef: { name: mounted, optional: true } }]);
  });
});
