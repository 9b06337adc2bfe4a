import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { containerStatuses, JOBS } from '../support/objects.ts';
import { putPod } from '../support/put-objects.ts';
import { PATIENT, startControlledCluster } from './fixture.ts';

const PROJECT = 'secrets';

describe("a run whose project lacks the runner's key", () => {
  const cluster = startControlledCluster();
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await cluster.startReplica({ timings: PATIENT });
  });

  it.each([
    [
      'names the key',
      "couldn't find key ANTHROPIC_API_KEY in Secret secrets/ambient-runner-secrets",
      "The project's runner Secret lacks a key that the runner needs: ANTHROPIC_API_KEY",
    ],
    [
      'says that there is no Secret',
      'secret "ambient-runner-secrets" not found',
      'The project has no runner Secret',
    ],
  ])('%s in its condition', async (what, message, said) => {
    const name = what.toLowerCase().replaceAll(' ', '-');
    const run = await cluster.makeRun(await cluster.startedSession(PROJECT, name));
    const { body: job } = await cluster.admin.get(`${JOBS(PROJECT)}/${run}`);
    const waiting = { reason: 'CreateContainerConfigError', message };
    await putPod(cluster.admin, job, { status: { phase: 'Pending', ...containerStatuses({ waiting }) } });
    await eventually(async () =>
      expect(await cluster.conditions(PROJECT, name)).toMatchObject({
        RunHealthy: { status: 'False', reason: 'RunnerSecretMissing', message: said },
      }),
    );
  });
});
