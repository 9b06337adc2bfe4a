import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import { CORE, controlledBy, JOBS, named, SESSIONS, session } from '../support/objects.ts';
import { readAuditLog } from './audit-log.ts';

const sessions = SESSIONS('demo');
const jobs = JOBS('demo');
const core = (resource: string) => CORE('demo', resource);

const cluster = inject('cluster');
const as = (token: string) => new KubernetesClient(cluster, token);
const { admin, alice, victor, mallory, backend } = cluster.identities;
const asAdmin = as(admin.token);

function job(name: string, annotations: Record<string, string> = {}) {
  const containers = [{ name: 'runner', image: 'example.invalid/runner' }];
  const template = { metadata: { annotations }, spec: { restartPolicy: 'Never', containers } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template } };
}

async function podsOf(name: string) {
  const { body } = await asAdmin.get(`${core('pods')}?labelSelector=batch.kubernetes.io/job-name%3D${name}`);
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
      const { body } = await as(who.token).post(path, {});
      const { token, groups, ...rest } = who;
      expect(body.status.userInfo).toMatchObject(rest);
      expect(body.status.userInfo.groups.toSorted()).toEqual(groups.toSorted());
    },
  );

  it('lets people do what their roles allow and no more', async () => {
    const statuses = async (token: string) => {
      const client = as(token);
      const post = client.post(`${sessions}?dryRun=All`, session('any'));
      return [(await client.get(sessions)).status, (await post).status];
    };
    expect(await statuses(admin.token)).toEqual([200, 201]);
    expect(await statuses(alice.token)).toEqual([200, 201]);
    expect(await statuses(victor.token)).toEqual([200, 403]);
    expect(await statuses(mallory.token)).toEqual([403, 403]);
    expect(await statuses(backend.token)).toEqual([403, 201]);
    expect(await statuses('nobody-has-it')).toEqual([401, 401]);
  });

  it('has the sessions of the demo', async () => {
    const { body } = await as(alice.token).get(sessions);
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
    await asAdmin.create(jobs, job('short'));
    await eventually(async () => {
      expect((await podsOf('short')).map(({ status }) => status.phase)).toEqual(['Succeeded']);
      expect((await asAdmin.get(`${jobs}/short`)).body.status).toMatchObject({ succeeded: 1 });
    });
    const [pod] = await podsOf('short');
    const log = await as(victor.token).get(`${core('pods')}/${pod?.metadata.name}/log?container=runner`);
    expect(log).toMatchObject({ status: 200, body: 'the runner starts\n' });
  });

  it('takes the pods along when a running Job is deleted in the foreground', async () => {
    await asAdmin.create(jobs, job('stopped', { 'pod-complete.stage.kwok.x-k8s.io/delay': '1h' }));
    await eventually(async () => {
      expect((await podsOf('stopped')).map(({ status }) => status.phase)).toEqual(['Running']);
    });
    await asAdmin.must('DELETE', `${jobs}/stopped`, { propagationPolicy: 'Foreground' });
    await eventually(async () => {
      expect((await asAdmin.get(`${jobs}/stopped`)).status).toBe(404);
      expect(await podsOf('stopped')).toEqual([]);
    });
  });

  it('collects what a deleted session owned', async () => {
    const owner = await asAdmin.create(sessions, session('an-owner'));
    const path = `${core('secrets')}/an-owners`;
    await asAdmin.create(core('secrets'), {
      metadata: { name: 'an-owners', ...controlledBy(owner) },
    });
    await asAdmin.must('DELETE', `${sessions}/an-owner`);
    await eventually(async () => expect((await asAdmin.get(path)).status).toBe(404));
  });

  it('issues tokens for service accounts, bound to a Secret', async () => {
    const secret = await asAdmin.create(core('secrets'), named('binds'));
    const { status } = await as(backend.token).create(`${core('serviceaccounts')}/default/token`, {
      spec: {
        expirationSeconds: 600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'binds', uid: secret.metadata.uid },
      },
    });
    const review = () => as(status.token).post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect((await review()).body.status.userInfo.username).toBe('system:serviceaccount:demo:default');
    await asAdmin.must('DELETE', `${core('secrets')}/binds`);
    await eventually(async () => expect((await review()).status).toBe(401));
  });
});

describe('the audit log', () => {
  it('has a request under the Audit-ID that it came with', async () => {
    const id = `${randomUUID()}.1`;
    await as(victor.token).send('GET', sessions, undefined, { 'audit-id': id });
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
    await asAdmin.create(core('secrets'), named('kept', { data }));
    await asAdmin.must('GET', core('secrets'));
    const account = `${core('serviceaccounts')}/default/token`;
    const { status } = await asAdmin.create(account, { spec: {} });
    await asAdmin.create('/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token: status.token },
    });
    const text = JSON.stringify(readAuditLog(cluster.auditLog));
    expect(text).toContain('tokenreviews');
    for (const secret of [data.key, status.token, alice.token, backend.token])
      expect(text).not.toContain(secret);
  });
});
