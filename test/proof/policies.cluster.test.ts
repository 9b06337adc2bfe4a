import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { AgenticSession } from '../../src/kubernetes/resources.ts';
import { buildRun } from '../../src/sessions/run/build-run.ts';
import { readStoredSession } from '../../src/sessions/run/read-stored-session.ts';
import { runName } from '../../src/sessions/run/run-objects.ts';
import { ClusterClient } from '../cluster/cluster-client.ts';
import { kubernetesAs, SESSIONS } from '../support/kubernetes.ts';
import { CORE, JOBS, put, putProject } from '../support/objects.ts';
import { startTestCluster } from '../support/test-cluster.ts';

// biome-ignore lint/suspicious/noExplicitAny: any object, to be spoilt
type AnyObject = any;
type Client = 'admin' | 'alice' | 'backend' | 'controller';
type Spoil = (object: AnyObject) => void;

const PROJECT = 'held';
const OUTSIDE = 'not-managed';
const RBAC = (namespace: string, resource: string) =>
  `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${resource}`;
const COLLECTIONS: Record<string, (namespace: string) => string> = {
  Secret: (namespace) => CORE(namespace, 'secrets'),
  ServiceAccount: (namespace) => CORE(namespace, 'serviceaccounts'),
  Role: (namespace) => RBAC(namespace, 'roles'),
  RoleBinding: (namespace) => RBAC(namespace, 'rolebindings'),
  Job: JOBS,
};
const WRITS = 'ambient-code.io/';
const merge = { 'content-type': 'application/merge-patch+json' };
const { runTemplate } = readConfig({});

describe('the policies of deploy/', async () => {
  const cluster = inject('cluster');
  await startTestCluster();
  const admin = kubernetesAs(cluster, 'admin');
  const clients = Object.fromEntries(
    (['admin', 'alice', 'backend', 'controller'] as const).map((who) => [
      who,
      new ClusterClient(cluster, cluster.identities[who].token),
    ]),
  ) as Record<Client, ClusterClient>;
  afterAll(() => Promise.all(Object.values(clients).map((client) => client.close())));

  await putProject(admin, PROJECT, { annotations: { [`${WRITS}requested-by`]: 'carol' } });
  await putProject(admin, OUTSIDE, { labels: {} });

  /** Nothing of it is kept: admission is asked all the same. */
  const dryly = (path: string) => `${path}?dryRun=All`;
  const asked = async (
    who: Client,
    ...[method, path, body, headers]: Parameters<ClusterClient['send']>
  ): Promise<string> => {
    const answer = await clients[who].send(method, dryly(path), body, headers);
    if (answer.status < 300) return 'done';
    const said = /denied request: (.*)/.exec(answer.body.message)?.[1];
    return said ?? `${answer.status} ${answer.body.message}`;
  };
  const typed = (metadata: object, spec: object = {}) => ({
    apiVersion: 'vteam.ambient-code/v1alpha1',
    kind: 'AgenticSession',
    metadata,
    spec,
  });

  const userContext = { userId: 'alice', displayName: 'alice', groups: [] };
  const session = await clients.backend.must(
    'POST',
    SESSIONS(PROJECT),
    typed(
      { name: 'agent', labels: { team: 'a' }, annotations: { [`${WRITS}requested-by`]: 'alice', note: 'b' } },
      { userContext, timeout: 300 },
    ),
  );
  const sessionPath = `${SESSIONS(PROJECT)}/agent`;
  const run = buildRun(readStoredSession(session as AgenticSession, runTemplate), 1, runTemplate, {
    requestId: 'a-request',
  });
  const children: Record<string, AnyObject> = {
    Secret: run.secret,
    ServiceAccount: run.serviceAccount,
    Role: run.role,
    RoleBinding: run.roleBinding,
    Job: run.job,
  };

  describe('on the origin of sessions', () => {
    const SET = 'spec.userContext is set by Writ alone';
    const ANNOTATED = /^the annotations .* are set by Writ alone$/;

    it.each(['admin', 'alice'] as const)('let %s create a session that says nothing of it', async (who) => {
      expect(await asked(who, 'POST', SESSIONS(PROJECT), typed({ name: 'plain' }))).toBe('done');
    });

    it.each(['admin', 'alice'] as const)('let nobody but Writ set it, %s neither', async (who) => {
      const create = (metadata: object, spec = {}) =>
        asked(who, 'POST', SESSIONS(PROJECT), typed({ name: 'forged', ...metadata }, spec));
      expect(await create({}, { userContext })).toBe(SET);
      for (const key of ['requested-by', 'request-id', 'input-digest'])
        expect(await create({ annotations: { [`${WRITS}${key}`]: 'x' } }), key).toMatch(ANNOTATED);
    });

    it.each(['admin', 'alice'] as const)('let nobody change or remove it, %s neither', async (who) => {
      const patch = (body: object) => asked(who, 'PATCH', sessionPath, body, merge);
      expect(await patch({ spec: { timeout: 60 } })).toBe('done');
      expect(await patch({ spec: { userContext: { userId: 'mallory' } } })).toBe(SET);
      expect(await patch({ spec: { userContext: null } })).toBe(SET);
      for (const value of ['mallory', null])
        expect(await patch({ metadata: { annotations: { [`${WRITS}requested-by`]: value } } })).toMatch(
          ANNOTATED,
        );
    });
  });

  describe('on sessions that are there', () => {
    const annotate = (who: Client, annotations: Record<string, string | null>) =>
      asked(who, 'PATCH', sessionPath, { metadata: { annotations } }, merge);
    const own = (...keys: string[]) => Object.fromEntries(keys.map((key) => [`${WRITS}${key}`, 'now']));
    // Others may be quicker to refuse: Kubernetes' own for owners, and that on origin.
    const REFUSED = /^(of a session that is there, Writ changes only|403 .* ownerRef|.* set by Writ alone$)/;

    it('let Writ start and stop them', async () => {
      const desired = { [`${WRITS}desired-phase`]: 'Running' };
      expect(await annotate('backend', { ...desired, ...own('start-requested-at') })).toBe('done');
      const stopped = { [`${WRITS}desired-phase`]: 'Stopped' };
      expect(await annotate('backend', { ...stopped, ...own('stop-requested-at') })).toBe('done');
      expect(
        await annotate('controller', { ...stopped, ...own('stop-requested-at', 'stopped-inactive-at') }),
      ).toBe('done');
    });

    it('let the controller start none', async () => {
      const said = "Writ's controller stops sessions and starts none";
      expect(await annotate('controller', { [`${WRITS}desired-phase`]: 'Running' })).toBe(said);
      expect(await annotate('controller', { [`${WRITS}desired-phase`]: null })).toBe(said);
      expect(
        await annotate('controller', { [`${WRITS}desired-phase`]: 'Stopped', ...own('start-requested-at') }),
      ).toMatch(REFUSED);
    });

    it.each(['backend', 'controller'] as const)('let the %s change nothing else', async (who) => {
      const stop = { annotations: { [`${WRITS}desired-phase`]: 'Stopped' } };
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: session.metadata.uid };
      const patches = [
        { metadata: stop, spec: { timeout: 60 } },
        { metadata: stop, spec: { userContext: null } },
        { metadata: stop, spec: { initialPrompt: 'other' } },
        { metadata: { ...stop, labels: { team: 'b' } } },
        { metadata: { ...stop, ownerReferences: [owner] } },
        { metadata: { ...stop, finalizers: ['writ.test/hold'] } },
        { metadata: { annotations: { ...stop.annotations, note: 'c' } } },
        { metadata: { annotations: { ...stop.annotations, note: null } } },
        { metadata: { annotations: { ...stop.annotations, [`${WRITS}requested-by`]: 'mallory' } } },
      ];
      for (const patch of patches)
        expect([patch, await asked(who, 'PATCH', sessionPath, patch, merge)]).toEqual([
          patch,
          expect.stringMatching(REFUSED),
        ]);
    });

    it('let the backend set stopped-inactive-at as little as anything else', async () => {
      expect(await annotate('backend', own('stopped-inactive-at'))).toMatch(REFUSED);
    });
  });

  describe('on namespaces', () => {
    const create = (name: string, labels: object) =>
      asked('backend', 'POST', '/api/v1/namespaces', { metadata: { name, labels } });
    const managed = { 'ambient-code.io/managed': 'true' };
    const remove = async (name: string, preconditions?: object) =>
      asked('backend', 'DELETE', `/api/v1/namespaces/${name}`, {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        // With a body the query is not read.
        dryRun: ['All'],
        ...(preconditions && { preconditions }),
      });
    const versionOf = async (name: string) => {
      const { uid, resourceVersion } = (await admin.get(`/api/v1/namespaces/${name}`)).body.metadata;
      return { uid, resourceVersion };
    };

    it('let Writ create projects, and no others', async () => {
      expect(await create('new-project', managed)).toBe('done');
      expect(await create('new-namespace', {})).toMatch(/^Writ creates and deletes only namespaces with/);
      for (const name of ['kube-x', 'openshift-x'])
        expect([name, await create(name, managed)]).toEqual([
          name,
          'Writ creates and deletes no namespace of the system',
        ]);
    });

    it('let Writ delete a project as it was read, and nothing else', async () => {
      expect(await remove(PROJECT, await versionOf(PROJECT))).toBe('done');
      expect(await remove(PROJECT)).toBe('Writ deletes a namespace only by UID and resourceVersion');
      for (const name of [OUTSIDE, 'writ-system'])
        expect(await remove(name, await versionOf(name))).toMatch(/^Writ creates and deletes only/);
    });
  });

  describe('on role bindings', () => {
    beforeAll(async () => {
      for (const name of [run.role.metadata?.name, 'session-other-1'])
        await put(admin, RBAC(PROJECT, 'roles'), { ...run.role, metadata: { ...run.role.metadata, name } });
    });

    const binding = (role: string, subject: object, kind = 'ClusterRole') => ({
      metadata: { name: 'a-binding' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
      subjects: [subject],
    });
    const account = (name: string, namespace = 'writ-system') => ({
      kind: 'ServiceAccount',
      namespace,
      name,
    });
    const user = (name: string) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });
    const bind = (object: object, namespace = PROJECT) =>
      asked('backend', 'POST', RBAC(namespace, 'rolebindings'), object);
    const ONLY = /^Writ binds only writ-backend-project to its API's service account/;
    const BACKEND = binding('writ-backend-project', account('writ-api'));
    const CONTROLLER = binding('writ-controller-project', account('writ-controller'));

    it('let Writ bind what a project has', async () => {
      for (const object of [
        BACKEND,
        CONTROLLER,
        binding('ambient-project-admin', user('carol')),
        children.RoleBinding,
      ])
        expect([object, await bind(object)]).toEqual([object, 'done']);
    });

    it('let it bind that to nobody else', async () => {
      const two = { ...BACKEND, subjects: [account('writ-api'), user('mallory')] };
      for (const object of [
        binding('writ-backend-project', account('writ-controller')),
        binding('writ-controller-project', account('writ-api')),
        binding('writ-backend-project', account('writ-api', PROJECT)),
        binding('writ-backend-project', user('mallory')),
        binding('ambient-project-admin', user('mallory')),
        binding('ambient-project-admin', account('default', PROJECT)),
        two,
        { ...BACKEND, subjects: [] },
      ])
        expect([object, await bind(object)]).toEqual([object, expect.stringMatching(ONLY)]);
    });

    it.each<[string, Spoil]>([
      ['another subject', (object) => object.subjects.push(user('mallory'))],
      ['a subject elsewhere', ({ subjects }) => Object.assign(subjects[0], { namespace: OUTSIDE })],
      ["another run's role", ({ roleRef }) => Object.assign(roleRef, { name: 'session-other-1' })],
      ['no owner', ({ metadata }) => delete metadata.ownerReferences],
      ['a name without its owner', ({ metadata }) => Object.assign(metadata, { name: 'session-x' })],
    ])("let a run's binding have not %s", async (_, spoil) => {
      const object = structuredClone(children.RoleBinding);
      spoil(object);
      expect(await bind(object)).toMatch(ONLY);
    });

    it('let it bind nothing outside of projects, nor the controller itself', async () => {
      const own = { metadata: { name: 'a-binding' } };
      expect(await bind({ ...BACKEND, ...own }, OUTSIDE)).toMatch(
        /^Writ binds roles only in namespaces with/,
      );
      const self = await asked('controller', 'POST', RBAC(PROJECT, 'rolebindings'), CONTROLLER);
      expect(self).toMatch(/^(Writ binds only|403 )/);
    });
  });

  describe('on runs', () => {
    // Kubernetes' own refusal of blockOwnerDeletion may be quicker.
    const OWNED = /^(what Writ writes in a project has one owner|403 .* blockOwnerDeletion)/;
    const pod = (object: AnyObject) => object.spec.template.spec;
    const container = (object: AnyObject) => pod(object).containers[0];
    const create = (who: Client, kind: string, object: AnyObject) =>
      asked(who, 'POST', COLLECTIONS[kind]?.(PROJECT) ?? '', object);

    it.each(['backend', 'controller'] as const)('let the %s make one', async (who) => {
      for (const kind of ['Secret', 'ServiceAccount', 'Job'])
        expect([kind, await create(who, kind, children[kind])]).toEqual([kind, 'done']);
      const role = structuredClone(children.Role);
      role.metadata.name = runName(session.metadata.uid, 2);
      expect(await create(who, 'Role', role)).toBe('done');
    });

    const FORGED: [string, string, Spoil, RegExp][] = [
      ...['Secret', 'ServiceAccount', 'Role', 'Job'].flatMap((kind): [string, string, Spoil, RegExp][] => [
        [kind, 'without an owner', ({ metadata }) => delete metadata.ownerReferences, OWNED],
        [kind, 'of another name', ({ metadata }) => Object.assign(metadata, { name: 'agent' }), OWNED],
        [
          kind,
          'with a name around the UID',
          ({ metadata }) => Object.assign(metadata, { name: `my-${metadata.name}` }),
          OWNED,
        ],
        [
          kind,
          "whose owner's UID is a part of one",
          ({ metadata: { ownerReferences } }) =>
            Object.assign(ownerReferences[0], { uid: ownerReferences[0].uid.slice(0, 8) }),
          OWNED,
        ],
        [
          kind,
          'of two owners',
          ({ metadata }) =>
            metadata.ownerReferences.push({ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }),
          OWNED,
        ],
        [
          kind,
          'whose owner is no session',
          ({ metadata }) => Object.assign(metadata.ownerReferences[0], { kind: 'ProjectSettings' }),
          OWNED,
        ],
        [
          kind,
          'that keeps its session from being deleted',
          ({ metadata }) => Object.assign(metadata.ownerReferences[0], { blockOwnerDeletion: true }),
          OWNED,
        ],
      ]),
      [
        'Secret',
        "that Kubernetes would fill with another account's token",
        (secret) => {
          secret.type = 'kubernetes.io/service-account-token';
          secret.metadata.annotations['kubernetes.io/service-account.name'] = 'default';
        },
        /^the Secret of a run is Opaque$/,
      ],
      ...(
        [
          ['with a second rule', ({ rules }) => rules.push(structuredClone(rules[0]))],
          ['on all sessions', ({ rules }) => delete rules[0].resourceNames],
          ["on another's session", ({ rules }) => Object.assign(rules[0], { resourceNames: ['other'] })],
        ] as [string, Spoil][]
      ).map(([what, spoil]): [string, string, Spoil, RegExp] => [
        'Role',
        what,
        spoil,
        /^the Role of a run gives/,
      ]),
      ...(
        [
          ['without a deadline', ({ spec }) => delete spec.activeDeadlineSeconds],
          ['as another account', (job) => Object.assign(pod(job), { serviceAccountName: 'default' })],
          [
            'with its token mounted',
            (job) => Object.assign(pod(job), { automountServiceAccountToken: true }),
          ],
        ] as [string, Spoil][]
      ).map(([what, spoil]): [string, string, Spoil, RegExp] => [
        'Job',
        what,
        spoil,
        /^the Job of a run has a deadline/,
      ]),
      ...(
        [
          ["in the node's network", (job) => Object.assign(pod(job), { hostNetwork: true })],
          ["among the node's processes", (job) => Object.assign(pod(job), { hostPID: true })],
          ['on a chosen node', (job) => Object.assign(pod(job), { nodeName: 'node' })],
          [
            'as root',
            (job) => Object.assign(pod(job).securityContext, { runAsNonRoot: false, runAsUser: 0 }),
          ],
          [
            'with an init container',
            (job) => Object.assign(pod(job), { initContainers: [{ ...container(job), name: 'init' }] }),
          ],
          [
            'that may gain privileges',
            (job) => Object.assign(container(job).securityContext, { allowPrivilegeEscalation: true }),
          ],
          [
            'with a capability',
            (job) => Object.assign(container(job).securityContext.capabilities, { add: ['SYS_ADMIN'] }),
          ],
          ['that keeps its capabilities', (job) => delete container(job).securityContext.capabilities],
        ] as [string, Spoil][]
      ).map(([what, spoil]): [string, string, Spoil, RegExp] => [
        'Job',
        what,
        spoil,
        /^the Job of a run has no part of its node/,
      ]),
      ...(
        [
          [
            'that mounts another Secret',
            (job) => Object.assign(pod(job).volumes[0].secret, { secretName: 'x' }),
          ],
          ['that mounts a path', (job) => pod(job).volumes.push({ name: 'h', hostPath: { path: '/' } })],
          [
            'that mounts a token',
            (job) =>
              pod(job).volumes.push({
                name: 't',
                projected: { sources: [{ serviceAccountToken: { path: 't' } }] },
              }),
          ],
          [
            'with the environment of another Secret',
            (job) => container(job).envFrom.push({ secretRef: { name: 'x' } }),
          ],
          [
            'with the environment of a ConfigMap',
            (job) => container(job).envFrom.push({ configMapRef: { name: 'x' } }),
          ],
          [
            'with a variable of another Secret',
            (job) =>
              container(job).env.push({ name: 'A', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } }),
          ],
          [
            'with a variable of its pod',
            (job) =>
              container(job).env.push({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }),
          ],
          [
            'with a pull secret',
            (job) => Object.assign(pod(job), { imagePullSecrets: [{ name: 'ambient-runner-secrets' }] }),
          ],
        ] as [string, Spoil][]
      ).map(([what, spoil]): [string, string, Spoil, RegExp] => [
        'Job',
        what,
        spoil,
        /^the Job of a run mounts its own Secret/,
      ]),
    ];

    it.each(FORGED)('let Writ make no %s %s', async (kind, _, spoil, refused) => {
      const object = structuredClone(children[kind]);
      spoil(object);
      for (const who of ['backend', 'controller'] as const)
        expect(await create(who, kind, object)).toMatch(refused);
    });

    it("let the controller touch no Secret but a run's, which is deleted by its UID", async () => {
      const secrets = CORE(PROJECT, 'secrets');
      const foreign = `${secrets}/ambient-runner-secrets`;
      expect(await asked('controller', 'PATCH', foreign, {}, merge)).toMatch(OWNED);
      expect(await asked('backend', 'PATCH', foreign, {}, merge)).toMatch(OWNED);
      const { uid } = (await admin.get(foreign)).body.metadata;
      const dryRun = ['All'];
      expect(await asked('controller', 'DELETE', foreign, { dryRun, preconditions: { uid } })).toMatch(OWNED);

      const own = await put(admin, secrets, children.Secret);
      const path = `${secrets}/${own.metadata.name}`;
      const preconditions = { uid: own.metadata.uid };
      expect(await asked('controller', 'PATCH', path, {}, merge)).toBe('done');
      expect(await asked('controller', 'DELETE', path, { dryRun, preconditions })).toBe('done');
      expect(await asked('controller', 'DELETE', path)).toBe(
        'Writ deletes what belongs to a run only by UID',
      );
    });
  });

  describe('on tokens', () => {
    const mint = (who: Client, account: string, spec: object) =>
      asked(who, 'POST', `${CORE(PROJECT, 'serviceaccounts')}/${account}/token`, { spec });

    it.each(['backend', 'controller'] as const)(
      "let the %s mint a run's, bound to its Secret, and no other",
      async (who) => {
        const { name } = run.serviceAccount.metadata;
        const account = await admin.get(`${CORE(PROJECT, 'serviceaccounts')}/${name}`);
        if (account.status === 404)
          await put(admin, CORE(PROJECT, 'serviceaccounts'), children.ServiceAccount);
        const secret = await admin.get(`${CORE(PROJECT, 'secrets')}/${name}`);
        const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name, uid: secret.body.metadata.uid };
        expect(await mint(who, name, { boundObjectRef })).toBe('done');
        const bound = "the token of a run is bound to the run's Secret by name and UID";
        expect(await mint(who, name, {})).toBe(bound);
        expect(await mint(who, name, { boundObjectRef: { ...boundObjectRef, name: 'other' } })).toBe(bound);
        expect(await mint(who, 'default', { boundObjectRef })).toBe(
          'Writ mints tokens of the service accounts of runs only',
        );
      },
    );
  });
});
