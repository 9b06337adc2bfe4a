import { expect, it } from 'vitest';
import { DESIRED, startControlledCluster } from './fixture.ts';

it('a session that kubectl has started runs to its end, once', async () => {
  const cluster = await startControlledCluster({ runner: { pendingMs: 20, runningMs: 60 } });
  await cluster.project('life');
  const replica = await cluster.startReplica();
  const { metadata } = await cluster.startedSession('life', 'agent');
  await cluster.untilStatus('life', 'agent', { phase: 'Running' });
  await cluster.untilStatus('life', 'agent', { phase: 'Completed', observedGeneration: 1 });
  await expect
    .poll(async () => (await cluster.session('life', 'agent')).metadata.annotations[DESIRED])
    .toBe('Stopped');
  const { status } = await cluster.session('life', 'agent');
  expect(Date.parse(status.completionTime)).toBeGreaterThanOrEqual(Date.parse(status.startTime));
  expect(await cluster.jobs('life', metadata.uid)).toHaveLength(1);
  expect(replica.done('createRunObject').map(({ object }) => object.kind)).toEqual([
    'Secret',
    'ServiceAccount',
    'Role',
    'RoleBinding',
    'Job',
  ]);
});
