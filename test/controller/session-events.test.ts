import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE, containerStatuses, controlledBy, JOBS, jobEnd } from '../support/objects.ts';
import { putPod } from '../support/put-objects.ts';
import { ago, PATIENT, type Replica, startControlledCluster } from './fixture.ts';

const PROJECT = 'told';

interface StoredEvent {
  type: string;
  reason: string;
  message: string;
  involvedObject: { kind: string; name: string; uid: string };
}

describe('the events of a session', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, setStatus, makeRun } = cluster;
  let replica: Replica;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    replica = await cluster.startReplica({ timings: PATIENT });
  });

  async function eventsOf(uid: string): Promise<string[]> {
    const { items } = (await admin.get(CORE(PROJECT, 'events'))).body as { items: StoredEvent[] };
    return items
      .filter(({ involvedObject }) => involvedObject.uid === uid)
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
      .sort();
  }
  const untilEvents = (uid: string, events: string[]) =>
    eventually(async () => expect(await eventsOf(uid)).toEqual(events));

  async function running(name: string, spec: Record<string, unknown> = {}) {
    const stored = await startedSession(PROJECT, name, { spec });
    const run = `${JOBS(PROJECT)}/${await makeRun(stored)}`;
    const { uid } = stored.metadata;
    await untilEvents(uid, ['Normal RunCreated: Run 1 was created']);
    return { uid, run };
  }

  it('tell that a run was created, and that it completed', async () => {
    const { uid, run } = await running('completed');
    await setStatus(run, { startTime: ago(20), ...jobEnd('Complete', ago(10)) });
    await untilEvents(uid, ['Normal RunCompleted: Run 1 completed', 'Normal RunCreated: Run 1 was created']);
  });

  it('tell what keeps a run from starting, and why it failed', async () => {
    const { uid, run } = await running('failed');
    const { body: job } = await admin.get(run);
    const waiting = (reason: string) => ({ phase: 'Pending', ...containerStatuses({ waiting: { reason } }) });
    const pod = await putPod(admin, job, {
      metadata: controlledBy(job),
      status: waiting('ImagePullBackOff'),
    });
    await setStatus(run, { startTime: ago(20), active: 1 });
    await untilEvents(uid, [
      'Normal RunCreated: Run 1 was created',
      "Warning ImagePullFailed: Run 1: The runner's image cannot be pulled",
    ]);
    const terminated = { exitCode: 137, reason: 'OOMKilled', message: 's3cret' };
    await setStatus(`${CORE(PROJECT, 'pods')}/${pod.metadata.name}`, {
      phase: 'Failed',
      ...containerStatuses({ terminated }),
    });
    await setStatus(run, { startTime: ago(20), ...jobEnd('Failed', ago(10), 'BackoffLimitExceeded') });
    await eventually(async () =>
      expect(await eventsOf(uid)).toContain(
        'Warning RunFailed: Run 1 failed: OutOfMemory: The runner exceeded its memory limit',
      ),
    );
    expect(JSON.stringify(await eventsOf(uid))).not.toContain('s3cret');
  });

  it('tell that a run was stopped because its session was inactive', async () => {
    const { uid, run } = await running('inactive', { inactivityTimeout: 60 });
    await setStatus(run, { startTime: ago(120), active: 1, ready: 1 });
    await eventually(async () =>
      expect(await eventsOf(uid)).toContain(
        'Normal RunStopped: Run 1 was stopped because its session was inactive',
      ),
    );
  });

  it('tell why no run could be created', async () => {
    const stored = await startedSession(PROJECT, 'invalid', {
      spec: { environmentVariables: { RUNNER_TYPE: 'no-such-type' } },
    });
    await cluster.requestFails(PROJECT, 'invalid');
    await eventually(async () =>
      expect(await eventsOf(stored.metadata.uid)).toEqual([
        expect.stringMatching(
          /^Warning RunNotCreated: No run can be created from the session as it is stored: /,
        ),
      ]),
    );
  });

  it('repeat nothing that a runner has written into its status', async () => {
    const stored = await startedSession(PROJECT, 'forged', {
      status: {
        phase: 'Running',
        conditions: [
          {
            type: 'RunHealthy',
            status: 'False',
            reason: 'ExitCode',
            message: 'Visit evil.example',
            lastTransitionTime: new Date(Date.now() + 1_000).toISOString(),
          },
        ],
      },
    });
    const run = `${JOBS(PROJECT)}/${await makeRun(stored)}`;
    await setStatus(run, { startTime: ago(20), ...jobEnd('Failed', ago(10), 'BackoffLimitExceeded') });
    await eventually(async () =>
      expect(await eventsOf(stored.metadata.uid)).toContainEqual(
        expect.stringMatching(/^Warning RunFailed: /),
      ),
    );
    expect(JSON.stringify(await eventsOf(stored.metadata.uid))).not.toContain('evil');
  });

  it('are recorded once, also if another replica becomes the leader', async () => {
    const { uid } = await running('once');
    await replica.close();
    const next = await cluster.startReplica({ timings: PATIENT });
    await eventually(async () => expect(next.eventActs.length).toBeGreaterThan(0));
    expect(await eventsOf(uid)).toEqual(['Normal RunCreated: Run 1 was created']);
  });
});
