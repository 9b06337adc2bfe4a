import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Body } from '../support/kubernetes-client.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { core, job, jobs } from './paths.ts';

const sandbox = startTestCluster({ runner: { pendingMs: 10, runningMs: 40 }, gcMs: 1 });
const admin = sandbox.as('admin');

async function podOf(name: string): Promise<Body> {
  return eventually(async () => {
    const { body } = await admin.get(`${core('pods')}?labelSelector=job-name=${name}`);
    expect(body.items).toHaveLength(1);
    return body.items[0];
  });
}

async function finished(name: string, type: string): Promise<Body> {
  return eventually(async () => {
    const { body } = await admin.get(`${jobs}/${name}`);
    expect(body.status.conditions?.map((c: Body) => c.type)).toContain(type);
    return body;
  });
}

describe('the runner', () => {
  it('takes a Job through Pending and Running to Complete', async () => {
    const { body: version } = await admin.get(core('pods'));
    const query = `watch=true&labelSelector=job-name=whole&resourceVersion=${version.metadata.resourceVersion}`;
    const watching = admin.until(
      `${core('pods')}?${query}`,
      ({ object }) => object.status.phase === 'Succeeded',
    );
    await admin.post(jobs, job('whole'));
    const phases = (await watching).map(({ object }) => object.status.phase);
    expect([...new Set(phases)]).toEqual(['Pending', 'Running', 'Succeeded']);
    const done = await finished('whole', 'Complete');
    expect(done.status).toMatchObject({ active: 0, succeeded: 1, completionTime: expect.any(String) });
    const pod = await podOf('whole');
    expect(pod.metadata.labels).toMatchObject({ app: 'writ', 'batch.kubernetes.io/job-name': 'whole' });
    expect(pod.metadata.ownerReferences[0]).toMatchObject({ kind: 'Job', name: 'whole', controller: true });
    expect(pod.status.containerStatuses[0].state.terminated.exitCode).toBe(0);
    const events = await admin.get(`${core('events')}?fieldSelector=involvedObject.uid=${pod.metadata.uid}`);
    expect(events.body.items.map((e: Body) => e.reason).sort()).toEqual(['Pulled', 'Scheduled', 'Started']);
  });

  it('gives each Job a pod that no other Job selects', async () => {
    for (const name of ['first', 'second']) await admin.post(jobs, job(name));
    for (const name of ['first', 'second']) {
      const { spec } = await finished(name, 'Complete');
      const [selector] = Object.entries(spec.selector.matchLabels).map((label) => label.join('='));
      const { body } = await admin.get(`${core('pods')}?labelSelector=${selector}`);
      expect(body.items.map((pod: Body) => pod.metadata.ownerReferences[0].name)).toEqual([name]);
    }
  });

  it('writes the status of a Job only after watches have its ADDED event', async () => {
    const { body: list } = await admin.get(jobs);
    const query = `watch=true&fieldSelector=metadata.name=ordered&resourceVersion=${list.metadata.resourceVersion}`;
    const watching = admin.until(`${jobs}?${query}`, ({ object }) => object.status?.succeeded === 1);
    await eventually(async () =>
      expect(sandbox.requests.at(-1)).toMatchObject({ verb: 'watch', status: 200 }),
    );
    await admin.post(jobs, job('ordered'));
    const events = await watching;
    expect(events[0]?.type).toBe('ADDED');
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });

  it('starts a suspended Job only after it is resumed', async () => {
    await admin.post(jobs, job('suspended', { suspend: true }));
    await admin.post(jobs, job('other'));
    await finished('other', 'Complete');
    expect((await admin.get(`${jobs}/suspended`)).body.status).toBeUndefined();
    await admin.patch(`${jobs}/suspended`, { spec: { suspend: false } });
    await finished('suspended', 'Complete');
  });

  it('fails a Job at its deadline', async () => {
    await admin.post(jobs, job('late', { activeDeadlineSeconds: 0.03 }));
    const { status } = await finished('late', 'Failed');
    expect(status.conditions.at(-1)).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' });
    const { body } = await admin.get(`${core('pods')}?labelSelector=job-name=late`);
    expect(body.items).toEqual([]);
  });

  it('fails a Job whose pod is invalid', async () => {
    const broken = job('broken');
    Object.assign(broken.spec.template.metadata, { annotations: { 'no key!': 'x' } });
    await admin.post(jobs, broken);
    const { status } = await finished('broken', 'Failed');
    expect(status.conditions.at(-1)).toMatchObject({ reason: 'FailedCreate' });
  });

  it('starts no container before the Secret of its variable exists with the key', async () => {
    const waiting = job('secretive');
    const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'KEY' } } }];
    waiting.spec.template.spec.containers = [{ name: 'main', image: 'i', env } as never];
    await admin.post(jobs, waiting);
    const waitsFor = (message: string) =>
      eventually(async () => {
        const { status } = await podOf('secretive');
        expect(status.phase).toBe('Pending');
        expect(status.containerStatuses[0].state.waiting).toEqual({
          reason: 'CreateContainerConfigError',
          message,
        });
      });
    await waitsFor('secret "keys" not found');
    await admin.post(core('secrets'), { metadata: { name: 'keys' } });
    await waitsFor("couldn't find key KEY in Secret demo/keys");
    await admin.patch(`${core('secrets')}/keys`, { stringData: { KEY: 'x' } });
    await finished('secretive', 'Complete');
  });

  it('stops when the Job is deleted', async () => {
    await admin.post(jobs, job('stopped'));
    await podOf('stopped');
    await admin.delete(`${jobs}/stopped`, { propagationPolicy: 'Foreground' });
    await eventually(async () => expect((await admin.get(`${jobs}/stopped`)).status).toBe(404));
    const { body } = await admin.get(`${core('pods')}?labelSelector=job-name=stopped`);
    expect(body.items).toEqual([]);
  });
});

describe("a pod's log", () => {
  const log = `${core('pods')}/session-5e551000-0000-4000-8000-000000000002-1-x7k2p/log`;

  it('is text, limited by tailLines and limitBytes', async () => {
    const all = (await admin.get(log)).body as string;
    expect(all.trim().split('\n')).toHaveLength(5);
    expect((await admin.get(`${log}?tailLines=2`)).body.trim().split('\n')).toHaveLength(2);
    expect((await admin.get(`${log}?tailLines=0`)).body).toBe('');
    expect((await admin.get(`${log}?limitBytes=7`)).body).toBe(all.slice(0, 7));
  });

  it('can be followed to the end of the container', async () => {
    await admin.post(jobs, job('followed'));
    const pod = await podOf('followed');
    const path = `${core('pods')}/${pod.metadata.name}/log?follow=true`;
    const text = await eventually(async () => {
      const { status, body } = await admin.get(path);
      expect(status).toBe(200);
      return body as string;
    });
    expect(text).toMatch(/^runner starting\n(.*\n)+done, exit code 0\n$/);
  });

  it('ends for those who follow it when the status says that the container has terminated', async () => {
    const spec = { nodeName: 'sandbox', containers: [{ name: 'main', image: 'i' }] };
    await admin.create(core('pods'), { metadata: { name: 'by-hand' }, spec });
    const path = `${core('pods')}/by-hand`;
    expect((await admin.get(`${path}/log`)).body.message).toContain('is waiting to start');
    const set = (state: object) =>
      admin.patch(`${path}/status`, { status: { containerStatuses: [{ name: 'main', state }] } });
    await set({ running: {} });
    const followed = admin.get(`${path}/log?follow=true`);
    await eventually(() =>
      expect(sandbox.requests.at(-1)).toMatchObject({ subresource: 'log', status: 200 }),
    );
    await set({ terminated: { exitCode: 0 } });
    expect((await followed).status).toBe(200);
    expect((await admin.get(`${path}/log?follow=true`)).body).toBe('');
  });
});
