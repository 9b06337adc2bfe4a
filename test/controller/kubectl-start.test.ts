import { beforeAll, describe, expect, it } from 'vitest';
import { putSession } from '../support/put-objects.ts';
import { DESIRED, PATHS, PATIENT, runOf, STARTED, startControlledCluster } from './fixture.ts';

const PROJECT = 'kubectl';

describe('a start that no request is at work on', () => {
  const cluster = startControlledCluster();
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await cluster.startReplica({ timings: { ...PATIENT, createAfterMs: 30 } });
  });

  it('gets its run soon', async () => {
    await cluster.startedSession(PROJECT, 'untouched');
    await cluster.untilStatus(PROJECT, 'untouched', { phase: 'Creating' });
  });

  it('is told from one of which there is something: that is left to its request', async () => {
    const begun = await putSession(cluster.admin, PROJECT, 'begun');
    await cluster.admin.create(PATHS.Secret(PROJECT), runOf(begun).Secret);
    await cluster.annotate(PROJECT, 'begun', { [DESIRED]: 'Running', [STARTED]: new Date().toISOString() });
    await cluster.startedSession(PROJECT, 'later');
    await cluster.untilStatus(PROJECT, 'later', { phase: 'Creating' });
    expect(await cluster.jobs(PROJECT, begun.metadata.uid)).toEqual([]);
    await cluster.requestFails(PROJECT, 'begun');
    await cluster.untilStatus(PROJECT, 'begun', { phase: 'Creating' });
  });
});
