import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/sandbox/manifests.ts';
import { CORE, NAMESPACES, RBAC } from '../support/objects.ts';
import { CREATE_PROJECT } from '../support/project-operations.ts';
import { putProject } from '../support/put-objects.ts';
import { BACKEND, PEOPLE } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const BOUND = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole' };

describe('createProject', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');
  const create = (who: Parameters<typeof writ.as>[0], input: object) =>
    writ.as(who, CREATE_PROJECT, { input });

  it('makes a namespace that says who asked for it, and enforces the restricted Pod Security Standard', async () => {
    const { data, errors } = await create('alice', {
      name: 'billing',
      displayName: 'Billing',
      description: 'Invoices\nand what follows',
    });
    expect(errors).toBeUndefined();
    expect(data.createProject.project).toMatchObject({
      name: 'billing',
      displayName: 'Billing',
      description: 'Invoices\nand what follows',
    });
    const { metadata } = await admin.must('GET', `${NAMESPACES}/billing`);
    expect(metadata.labels).toMatchObject({
      'ambient-code.io/managed': 'true',
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'latest',
    });
    expect(metadata.annotations).toEqual({
      'ambient-code.io/requested-by': 'alice',
      'openshift.io/display-name': 'Billing',
      'openshift.io/description': 'Invoices\nand what follows',
    });
  });

  it("gives it Writ's two bindings, as deploy/project has them, and its creator's", async () => {
    await create('alice', { name: 'bindings' });
    const { items } = await admin.must('GET', RBAC('bindings', 'rolebindings'));
    const essence = ({ metadata, roleRef, subjects }: (typeof items)[number]) => ({
      name: metadata.name,
      labels: metadata.labels,
      roleRef,
      subjects,
    });
    const labels = { 'app.kubernetes.io/part-of': 'writ' };
    const deployed = parseManifests(readFileSync('deploy/project/role-bindings.yaml', 'utf8'));
    expect(items.map(essence)).toEqual(
      expect.arrayContaining([
        ...deployed.map((manifest) => ({ ...essence(manifest), labels })),
        {
          name: 'writ-creator',
          labels: { 'app.kubernetes.io/managed-by': 'writ' },
          roleRef: { ...BOUND, name: 'ambient-project-admin' },
          subjects: [{ apiGroup: BOUND.apiGroup, kind: 'User', name: 'alice' }],
        },
      ]),
    );
    expect(items).toHaveLength(3);
  });

  it('lets its creator use it at once, also for sessions', async () => {
    await create('alice', { name: 'used-at-once' });
    await writ.kubernetes('alice').create(CORE('used-at-once', 'secrets'), {
      metadata: { name: 'ambient-runner-secrets' },
      stringData: { ANTHROPIC_API_KEY: 'x' },
    });
    const { data, errors } = await writ.as(
      'alice',
      `mutation { createSession(input: {project: "used-at-once", start: false}) { session { project { name } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.createSession.session.project.name).toBe('used-at-once');
  });

  it('is reviewed as the right of a self-provisioner, by a review without namespace and name', async () => {
    const { requests } = await writ.requestsDuring(() => create('alice', { name: 'reviewed' }));
    const firstWrite = requests.findIndex(({ user }) => user === BACKEND);
    expect(requests[firstWrite - 1]).toMatchObject({
      user: 'alice',
      resource: 'selfsubjectaccessreviews',
      body: {
        spec: {
          resourceAttributes: { verb: 'create', group: 'project.openshift.io', resource: 'projectrequests' },
        },
      },
    });
    expect(
      requests.filter(({ user }) => user === BACKEND).map(({ verb, resource }) => `${verb} ${resource}`),
    ).toEqual(['create namespaces', 'create rolebindings', 'create rolebindings', 'create rolebindings']);
  });

  it.each(PEOPLE)('is allowed to those who hold that right alone: %s', async (who) => {
    const answer = await create(who, { name: `made-by-${who}` });
    const isAllowed = ['alice', 'admin'].includes(who);
    expect(codeOf(answer)).toBe(isAllowed ? undefined : 'FORBIDDEN');
    expect((await admin.get(`${NAMESPACES}/made-by-${who}`)).status).toBe(isAllowed ? 200 : 404);
    if (!isAllowed) {
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        verb: 'create',
        group: 'project.openshift.io',
        resource: 'projectrequests',
      });
    }
  });

  it('binds a service account by its username', async () => {
    const path = '/api/v1/namespaces/demo/serviceaccounts';
    await admin.create(path, { metadata: { name: 'automation' } });
    await admin.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { generateName: 'automation-' },
      roleRef: { ...BOUND, name: 'writ-project-creator' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'demo', name: 'automation' }],
    });
    const { status } = await admin.must('POST', `${path}/automation/token`, { spec: {} });
    const headers = { authorization: `Bearer ${status.token}` };
    const { data, errors } = await writ.post(
      { query: CREATE_PROJECT, variables: { input: { name: 'by-automation' } } },
      headers,
    );
    expect(errors).toBeUndefined();
    expect(data.createProject.project.name).toBe('by-automation');
    const { subjects } = await admin.must('GET', `${RBAC('by-automation', 'rolebindings')}/writ-creator`);
    const name = 'system:serviceaccount:demo:automation';
    expect(subjects).toEqual([{ apiGroup: BOUND.apiGroup, kind: 'User', name }]);
    const query = '{ project(name: "by-automation") { sessions { nodes { name } } } }';
    expect((await writ.post({ query }, headers)).errors).toBeUndefined();
  });

  describe('for a namespace that exists', () => {
    beforeAll(async () => {
      await admin.create(NAMESPACES, { metadata: { name: 'somebodys' } });
      await putProject(admin, 'a-project');
      await admin.create(NAMESPACES, { metadata: { name: 'ending', finalizers: ['writ.test/hold'] } });
      await admin.delete(`${NAMESPACES}/ending`);
    });

    it.each(['somebodys', 'a-project', 'ending'])('is CONFLICT, and changes nothing: %s', async (name) => {
      const before = await admin.must('GET', `${NAMESPACES}/${name}`);
      const bindings = async () => (await admin.must('GET', RBAC(name, 'rolebindings'))).items;
      const boundBefore = await bindings();
      const { result, requests } = await writ.requestsDuring(() => create('alice', { name }));
      expect(result.errors).toMatchObject([{ extensions: { code: 'CONFLICT', project: name } }]);
      expect(requests.filter(({ user }) => user === BACKEND)).toMatchObject([
        { verb: 'create', status: 409 },
      ]);
      expect(await admin.must('GET', `${NAMESPACES}/${name}`)).toEqual(before);
      expect(await bindings()).toEqual(boundBefore);
    });
  });
});

describe('the names of new projects', () => {
  const writ = startWrit({ environment: { WRIT_RESERVED_PROJECT_NAMES: 'prod-*, *-secret,finance' } });
  const create = (name: string) => writ.as('admin', CREATE_PROJECT, { input: { name } });

  it.each([
    ...['default', 'kube-system', 'kube-x', 'openshift-console', 'writ-system'],
    ...[
      'api',
      'apis',
      'namespaces',
      'projects',
      'v1',
      'status',
      'finalize',
      'watch',
      'healthz',
      'graphql',
      'new',
    ],
    ...['null', 'true', 'no', 'com', 'io', 'svc', 'dev', 'a'],
    ...['prod-eu', 'prod-', 'top-secret', 'finance'],
    ...['..', '.', '', '/', 'a/b', 'A-b', 'a.b', 'a%2fb', '-a', 'a-', 'ä', 'x'.repeat(64), 'a\n'],
  ])('BAD_USER_INPUT, and nothing is asked or written: %j', async (name) => {
    const { result, requests } = await writ.requestsDuring(() => create(name));
    expect(result.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.name' }] } },
    ]);
    expect(requests.filter(({ resource }) => resource === 'selfsubjectaccessreviews')).toEqual([]);
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it.each([
    'api-team',
    'my-namespaces',
    'kubernetes',
    'openshift',
    'prod',
    'secret',
    'finance-2',
    'x'.repeat(63),
  ])('may be like a reserved one: %s', async (name) => {
    expect((await create(name)).errors).toBeUndefined();
  });

  it.each([
    ['displayName', ''],
    ['displayName', 'two\nlines'],
    ['displayName', 'x'.repeat(257)],
    ['description', ''],
    ['description', 'x'.repeat(4_097)],
    ['description', 'bell\u0007'],
  ])('BAD_USER_INPUT: a %s of %j', async (field, value) => {
    const { errors } = await writ.as('admin', CREATE_PROJECT, { input: { name: 'texts', [field]: value } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
    ]);
  });
});
