import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readAuditLog } from './audit-log.ts';
import { ClusterClient } from './cluster-client.ts';

const SESSIONS = '/apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions';
const JOBS = '/apis/batch/v1/namespaces/demo/jobs';
const CORE = '/api/v1/namespaces/demo';

const cluster = inject('cluster');
const as = (token: string) => new ClusterClient(cluster, token);
const { admin, alice, victor, mallory, backend } = cluster.identities;
const asAdmin = as(admin.token);

function job(name: string, annotations: Record<string, string> = {}) {
  const containers = [{ name: 'runner', image: 'example.invalid/runner' }];
  const template = { metadata: { annotations }, spec: { restartPolicy: 'Never', containers } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template } };
}

async function podsOf(name: string) {
  const { body } = await asAdmin.get(`${CORE}/pods?labelSelector=batch.kubernetes.io/job-name%3D${name}`);
  return body.items as { metadata: { name: string }; status: { phase: string } }[];
}

describe('the control plane', () => {
  it('is Kubernetes 1.33 or newer', async () => {
    const { body } = await asAdmin.get('/version');
    expect(body.gitVersion).toBe(cluster.version);
    expect([Number(body.major), Number.parseInt(body.minor, 10)]).toEqual([1, expect.any(Number)]);
    expect(Number.parseInt(body.minor, 10)).toBeGreaterThanOrEqual(33);
  });

  it.each([admin, alice, victor, mallory, backend])(
    'knows $username by the token as the fixture says',
    async (who) => {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      const { body } = await as(who.token).create(path, {});
      const { token, groups, ...rest } = who;
      expect(body.status.userInfo).toMatchObject(rest);
      expect(body.status.userInfo.groups.toSorted()).toEqual(groups.toSorted());
    },
  );

  it('lets people do what their roles allow and no more', async () => {
    const statuses = async (token: string) => {
      const client = as(token);
      const post = client.create(`${SESSIONS}?dryRun=All`, {
        apiVersion: 'vteam.ambient-code/v1alpha1',
        kind: 'AgenticSession',
        metadata: { generateName: 'a-' },
        spec: { initialPrompt: 'Do it' },
      });
      return [(await client.get(SESSIONS)).status, (await post).status];
    };
    expect(await statuses(admin.token)).toEqual([200, 201]);
    expect(await statuses(alice.token)).toEqual([200, 201]);
    expect(await statuses(victor.token)).toEqual([200, 403]);
    expect(await statuses(mallory.token)).toEqual([403, 403]);
    expect(await statuses(backend.token)).toEqual([403, 201]);
    expect(await statuses('nobody-has-it')).toEqual([401, 401]);
  });

  it('has the sessions of the demo', async () => {
    const { body } = await as(alice.token).get(SESSIONS);
    const phases = body.items.map(({ metadata, status }: (typeof body.items)[0]) => [
      metadata.name,
      status?.phase,
    ]);
    expect(Object.fromEntries(phases)).toMatchObject({
      'fix-cart-rounding': 'Running',
      'migrate-ci': 'Failed',
      'document-webhooks': 'Completed',
      'upgrade-postgres-client': undefined,
    });
  });

  it('runs a Job to its end, with a log', async () => {
    await asAdmin.must('POST', JOBS, job('short'));
    await eventually(async () => {
      expect((await podsOf('short')).map(({ status }) => status.phase)).toEqual(['Succeeded']);
      expect((await asAdmin.get(`${JOBS}/short`)).body.status).toMatchObject({ succeeded: 1 });
    });
    const [pod] = await podsOf('short');
    const log = await as(victor.token).get(`${CORE}/pods/${pod?.metadata.name}/log?container=runner`);
    expect(log).toEqual({ status: 200, body: 'the runner starts\n' });
  });

  it('takes the pods along when a running Job is deleted in the foreground', async () => {
    await asAdmin.must('POST', JOBS, job('stopped', { 'pod-complete.stage.kwok.x-k8s.io/delay': '1h' }));
    await eventually(async () => {
      expect((await podsOf('stopped')).map(({ status }) => status.phase)).toEqual(['Running']);
    });
    await asAdmin.must('DELETE', `${JOBS}/stopped`, { propagationPolicy: 'Foreground' });
    await eventually(async () => {
      expect((await asAdmin.get(`${JOBS}/stopped`)).status).toBe(404);
      expect(await podsOf('stopped')).toEqual([]);
    });
  });

  it('collects what a deleted session owned', async () => {
    const { metadata, apiVersion, kind } = await asAdmin.must('POST', SESSIONS, {
      apiVersion: 'vteam.ambient-code/v1alpha1',
      kind: 'AgenticSession',
      metadata: { name: 'an-owner' },
      spec: { initialPrompt: 'Do it' },
    });
    const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
    const path = `${CORE}/secrets/an-owners`;
    await asAdmin.must('POST', `${CORE}/secrets`, {
      metadata: { name: 'an-owners', ownerReferences: [owner] },
    });
    await asAdmin.must('DELETE', `${SESSIONS}/an-owner`);
    await eventually(async () => expect((await asAdmin.get(path)).status).toBe(404));
  });

  it('refuses blockOwnerDeletion to whoever may not set the owner finalizers', async () => {
    const { metadata } = await asAdmin.must('GET', `${SESSIONS}/document-webhooks`);
    const owner = {
      apiVersion: 'vteam.ambient-code/v1alpha1',
      kind: 'AgenticSession',
      name: metadata.name,
      uid: metadata.uid,
      blockOwnerDeletion: true,
    };
    const secret = { metadata: { name: 'blocked', ownerReferences: [owner] } };
    const { status, body } = await as(backend.token).create(`${CORE}/secrets?dryRun=All`, secret);
    expect(status).toBe(403);
    expect(body.message).toContain('cannot set blockOwnerDeletion');
  });

  it('issues tokens for service accounts, bound to a Secret', async () => {
    const secret = await asAdmin.must('POST', `${CORE}/secrets`, { metadata: { name: 'binds' } });
    const { status } = await as(backend.token).must('POST', `${CORE}/serviceaccounts/default/token`, {
      spec: {
        expirationSeconds: 600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'binds', uid: secret.metadata.uid },
      },
    });
    const review = () => as(status.token).create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect((await review()).body.status.userInfo.username).toBe('system:serviceaccount:demo:default');
    await asAdmin.must('DELETE', `${CORE}/secrets/binds`);
    await eventually(async () => expect((await review()).status).toBe(401));
  });
});

describe('the audit log', () => {
  it('has a request under the Audit-ID that it came with', async () => {
    const id = `${randomUUID()}.1`;
    await as(victor.token).send('GET', SESSIONS, undefined, { 'audit-id': id });
    expect(readAuditLog(cluster.auditLog).filter(({ auditID }) => auditID === id)).toMatchObject([
      {
        level: 'Metadata',
        stage: 'ResponseComplete',
        verb: 'list',
        user: { username: 'victor', uid: 'sandbox-victor' },
        objectRef: { resource: 'agenticsessions', namespace: 'demo' },
        responseStatus: { code: 200 },
        requestReceivedTimestamp: expect.stringMatching(/\.\d{6}Z$/),
        stageTimestamp: expect.stringMatching(/\.\d{6}Z$/),
      },
    ]);
  });

  it('has the question and the answer of a self review', async () => {
    const id = randomUUID();
    const resourceAttributes = { namespace: 'demo', verb: 'create', group: 'batch', resource: 'jobs' };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    await as(alice.token).send('POST', path, { spec: { resourceAttributes } }, { 'audit-id': id });
    expect(readAuditLog(cluster.auditLog).filter(({ auditID }) => auditID === id)).toMatchObject([
      {
        level: 'RequestResponse',
        requestObject: { spec: { resourceAttributes } },
        responseObject: { status: { allowed: false } },
      },
    ]);
  });

  it('never holds a token or what is in a Secret', async () => {
    const data = { key: Buffer.from('a-very-secret-value').toString('base64') };
    await asAdmin.must('POST', `${CORE}/secrets`, { metadata: { name: 'kept' }, data });
    await asAdmin.must('GET', `${CORE}/secrets`);
    const account = `${CORE}/serviceaccounts/default/token`;
    const { status } = await asAdmin.must('POST', account, { spec: {} });
    await asAdmin.must('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token: status.token },
    });
    const text = JSON.stringify(readAuditLog(cluster.auditLog));
    expect(text).toContain('tokenreviews');
    for (const secret of [data.key, status.token, alice.token, backend.token])
      expect(text).not.toContain(secret);
  });
});
