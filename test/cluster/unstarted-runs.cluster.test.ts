import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PATIENT, startControlledCluster } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { CORE, containerStatuses, JOBS, named, SESSIONS } from '../support/objects.ts';

const PROJECT = 'unstarted';
type Fields = Record<string, unknown>;

/** What the Job controller says of a Job whose pod it cannot create, and what becomes of a pod at the Job's deadline. */
describe('a run of a cluster with a Job controller', () => {
  // No kubelet changes a pod.
  const runner = { pendingMs: 3_600_000, runningMs: 3_600_000 };
  const cluster = startControlledCluster({ runner });
  const { admin } = cluster;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await cluster.startReplica({
      timings: { ...PATIENT, createAfterMs: 0, events: { delayMs: 100, spacingMs: 100 } },
    });
  });

  /** A session with a run, and the phases that it has had. */
  async function start(name: string) {
    const { metadata } = await cluster.startedSession(PROJECT, name);
    const phases: string[] = [];
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    void (async () => {
      const path = `${SESSIONS(PROJECT)}?watch=1&fieldSelector=metadata.name%3D${name}`;
      for await (const { object } of admin.watch(path, {}, stop.signal)) {
        const phase = object.status?.phase;
        if (phase && phase !== phases.at(-1)) phases.push(phase);
      }
    })().catch(() => {});
    // The next phase is not set before this one was seen.
    await eventually(() => expect(phases).toEqual(['Creating']));
    /** The run exceeds its deadline. */
    async function expire() {
      const spec = { activeDeadlineSeconds: 1 };
      const { status } = await admin.patch(`${JOBS(PROJECT)}/session-${metadata.uid}-1`, { spec });
      expect(status).toBe(200);
      await cluster.untilStatus(PROJECT, name, { phase: 'Failed' });
      await eventually(() => expect(phases.at(-1)).toBe('Failed'));
    }
    return { uid: metadata.uid, phases, expire };
  }
  const untilHealth = (name: string, health: Fields) =>
    eventually(async () =>
      expect((await cluster.conditions(PROJECT, name)).RunHealthy).toMatchObject(health),
    );
  /** The path of the run's pod. */
  async function podOf(uid: string) {
    const pods = `${CORE(PROJECT, 'pods')}?labelSelector=ambient-code.io/session-uid%3D${uid}`;
    const { metadata } = await eventually(async () => {
      const [pod] = (await admin.get(pods)).body.items;
      expect(pod).toBeDefined();
      return pod;
    });
    return `${CORE(PROJECT, 'pods')}/${metadata.name}`;
  }

  async function withQuota() {
    const path = CORE(PROJECT, 'resourcequotas');
    const hard = { pods: '0' };
    await admin.create(path, named('no-pods', { spec: { hard } }));
    await cluster.setStatus(`${path}/no-pods`, { hard, used: { pods: '0' } });
    return `${path}/no-pods`;
  }
  async function withLimitRange() {
    const path = CORE(PROJECT, 'limitranges');
    const limits = [{ type: 'Container', max: { cpu: '100m' } }];
    await admin.create(path, named('small', { spec: { limits } }));
    return `${path}/small`;
  }
  async function withWebhook() {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    const webhook = {
      name: 'pods.example.com',
      clientConfig: { url: 'https://127.0.0.1:1/' },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': PROJECT } },
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    };
    await admin.create(path, named('unreachable', { webhooks: [webhook] }));
    return `${path}/unreachable`;
  }

  it.each([
    ['a quota', withQuota, 'QuotaExceeded', /the quota no-pods \(requested: pods=1, used: pods=0, limited/],
    ['a LimitRange', withLimitRange, 'LimitRangeExceeded', /the maximum cpu of a Container is 100m/],
    ['a webhook', withWebhook, 'PodNotCreated', /the admission webhook pods.example.com cannot be called/],
  ])('without a pod because of %s says so, also after its deadline', async (what, deny, reason, why) => {
    const name = what.toLowerCase().replaceAll(' ', '-');
    const rule = await deny();
    const { phases, expire } = await start(name);
    const health = { status: 'False', reason, message: expect.stringMatching(why) };
    await untilHealth(name, health);
    expect((await cluster.session(PROJECT, name)).status.phase).toBe('Creating');
    await expire();
    await untilHealth(name, health);
    await admin.delete(rule);
    expect(phases).toEqual(['Creating', 'Failed']);
  });

  it('whose image cannot be pulled says so after its deadline', async () => {
    const { uid, phases, expire } = await start('no-image');
    await cluster.setStatus(await podOf(uid), {
      phase: 'Pending',
      ...containerStatuses({ waiting: { reason: 'ImagePullBackOff' } }),
    });
    await untilHealth('no-image', { reason: 'ImagePullFailed' });
    await expire();
    await untilHealth('no-image', { status: 'False', reason: 'ImagePullFailed' });
    expect(phases).toEqual(['Creating', 'Failed']);
  });

  it('that runs beyond its deadline is Running until it is Failed', async () => {
    const { uid, phases, expire } = await start('slow');
    const state = { running: { startedAt: new Date().toISOString() } };
    await cluster.setStatus(await podOf(uid), { phase: 'Running', ...containerStatuses(state) });
    await cluster.untilStatus(PROJECT, 'slow', { phase: 'Running' });
    await expire();
    await untilHealth('slow', { status: 'False', reason: 'DeadlineExceeded' });
    expect(phases).toEqual(['Creating', 'Running', 'Failed']);
  });
});
