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
/** A run's name with a number that the controller does not take for one. */
const unread = (name = '') => `${name}234567890`;

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

  it('are without fault to the API server', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    const read = async () => (await admin.get(path)).body.items.map(({ status }: AnyObject) => status);
    await expect
      .poll(read, { timeout: 10_000 })
      .toEqual(Array(6).fill({ observedGeneration: 1, typeChecking: {} }));
  });

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
      for (const name of [run.role.metadata?.name, unread(run.role.metadata?.name), 'session-other-1'])
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
      [
        'a number that the controller would not read',
        ({ metadata, roleRef, subjects }) => {
          for (const named of [metadata, roleRef, subjects[0]]) named.name = unread(named.name);
        },
      ],
    ])("let a run's binding have not %s", async (_, spoil) => {
      const object = structuredClone(children.RoleBinding);
      spoil(object);
      expect(await bind(object)).toMatch(ONLY);
    });

    it.each([BACKEND, children.RoleBinding])('let it give none a finalizer', async (object) => {
      const metadata = { ...object.metadata, finalizers: ['writ.test/hold'] };
      expect(await bind({ ...object, metadata })).toBe('Writ gives a role binding no finalizer');
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

    it('let it make one whose container repeats what holds for its pod', async () => {
      const job = structuredClone(children.Job);
      job.spec.activeDeadlineSeconds = 604_800;
      const seccompProfile = { type: 'RuntimeDefault' };
      Object.assign(container(job).securityContext, { runAsNonRoot: true, seccompProfile });
      expect(await create('backend', 'Job', job)).toBe('done');
    });

    type Forgery = [kind: string, what: string, spoil: Spoil, refused: RegExp];
    const forge = (kind: string, refused: RegExp, spoilt: [string, Spoil][]): Forgery[] =>
      spoilt.map(([what, spoil]) => [kind, what, spoil, refused]);
    const withSpec =
      (fields: object): Spoil =>
      ({ spec }) =>
        Object.assign(spec, fields);
    const withPod =
      (fields: object): Spoil =>
      (job) =>
        Object.assign(pod(job), fields);
    const withContainer =
      (fields: object): Spoil =>
      (job) =>
        Object.assign(container(job), fields);
    const withSecurity =
      (fields: object): Spoil =>
      (job) =>
        Object.assign(pod(job).securityContext, fields);
    const withOwnSecurity =
      (fields: object): Spoil =>
      (job) =>
        Object.assign(container(job).securityContext, fields);
    const withLabels =
      (labels: object): Spoil =>
      (job) =>
        Object.assign(job.spec.template.metadata.labels, labels);
    const annotated =
      (annotations: object): Spoil =>
      ({ metadata }) =>
        Object.assign(metadata.annotations, annotations);
    const toleration = { operator: 'Exists' };
    const controlPlane = 'node-role.kubernetes.io/control-plane';
    const onControlPlane = { matchExpressions: [{ key: controlPlane, operator: 'Exists' }] };
    const unconfined = { type: 'Unconfined' };
    const httpGet = { host: '169.254.169.254', port: 80 };

    const FORGED: Forgery[] = [
      ...['Secret', 'ServiceAccount', 'Role', 'Job'].flatMap((kind) => [
        ...forge(kind, OWNED, [
          ['without an owner', ({ metadata }) => delete metadata.ownerReferences],
          ['of another name', ({ metadata }) => Object.assign(metadata, { name: 'agent' })],
          [
            'with a name around the UID',
            ({ metadata }) => Object.assign(metadata, { name: `my-${metadata.name}` }),
          ],
          [
            'of a number that the controller would not read',
            ({ metadata }) => Object.assign(metadata, { name: unread(metadata.name) }),
          ],
          [
            "whose owner's UID is a part of one",
            ({ metadata: { ownerReferences } }) =>
              Object.assign(ownerReferences[0], { uid: ownerReferences[0].uid.slice(0, 8) }),
          ],
          [
            'of two owners',
            ({ metadata }) =>
              metadata.ownerReferences.push({ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }),
          ],
          [
            'whose owner is no session',
            ({ metadata }) => Object.assign(metadata.ownerReferences[0], { kind: 'ProjectSettings' }),
          ],
          [
            'that keeps its session from being deleted',
            ({ metadata }) => Object.assign(metadata.ownerReferences[0], { blockOwnerDeletion: true }),
          ],
        ]),
        ...forge(kind, /^Writ gives what belongs to a run no finalizer$/, [
          [
            'that outlives its session',
            ({ metadata }) => Object.assign(metadata, { finalizers: ['writ.test/hold'] }),
          ],
        ]),
      ]),
      ...forge('Secret', /^Writ annotates the Secret and the service account/, [
        [
          "that another project's Secret is copied to",
          annotated({ 'replicator.v1.mittwald.de/replicate-from': 'other/secret' }),
        ],
      ]),
      ...forge('Secret', /^the Secret of a run is Opaque/, [
        [
          "that Kubernetes would fill with another account's token",
          (secret) => {
            secret.type = 'kubernetes.io/service-account-token';
            secret.data = {};
            secret.metadata.annotations['kubernetes.io/service-account.name'] = 'default';
          },
        ],
        ['with other data than a token', (secret) => Object.assign(secret, { data: { password: 'eA==' } })],
        [
          'with other text than a token',
          (secret) => Object.assign(secret, { stringData: { token: 'x', b: 'x' } }),
        ],
      ]),
      ...forge('ServiceAccount', /^Writ annotates the Secret and the service account/, [
        ['with a role at AWS', annotated({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/admin' })],
        [
          'with one at Google',
          annotated({ 'iam.gke.io/gcp-service-account': 'a@b.iam.gserviceaccount.com' }),
        ],
      ]),
      ...forge('ServiceAccount', /^the service account of a run has its token mounted nowhere/, [
        [
          'with its token mounted',
          (account) => Object.assign(account, { automountServiceAccountToken: true }),
        ],
        ['that leaves that to its pods', (account) => delete account.automountServiceAccountToken],
        ['with Secrets', (account) => Object.assign(account, { secrets: [{ name: 'a' }] })],
        ['with pull secrets', (account) => Object.assign(account, { imagePullSecrets: [{ name: 'a' }] })],
      ]),
      ...forge('Role', /^the Role of a run gives/, [
        ['with a second rule', ({ rules }) => rules.push(structuredClone(rules[0]))],
        ['on all sessions', ({ rules }) => delete rules[0].resourceNames],
        ["on another's session", ({ rules }) => Object.assign(rules[0], { resourceNames: ['other'] })],
      ]),
      ...forge('Job', /^the Job of a run makes one pod/, [
        ['without a deadline', ({ spec }) => delete spec.activeDeadlineSeconds],
        ['with a deadline of more than seven days', withSpec({ activeDeadlineSeconds: 604_801 })],
        ['of many pods', withSpec({ parallelism: 1000, completions: 1000 })],
        ['of many pods at once', withSpec({ parallelism: 1000, completions: 1 })],
        ['of many pods in turn', withSpec({ completions: 1000 })],
        ['of a work queue', withSpec({ parallelism: 1, completions: null })],
        ['of numbered pods', withSpec({ completionMode: 'Indexed' })],
        ['that tries again', withSpec({ backoffLimit: 6 })],
        ['that tries again by default', ({ spec }) => delete spec.backoffLimit],
        [
          'that does not count failures',
          withSpec({
            podFailurePolicy: {
              rules: [{ action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [0] } }],
            },
          }),
        ],
        ['that starts its container again', withPod({ restartPolicy: 'OnFailure' })],
        ['that lingers', withPod({ terminationGracePeriodSeconds: 86_400 })],
        [
          'that takes up the pods of others',
          (job) => {
            Object.assign(job.spec, { manualSelector: true, selector: { matchLabels: { app: 'database' } } });
            withLabels({ app: 'database' })(job);
          },
        ],
        ['that another controller runs', withSpec({ managedBy: 'mallory.example/elsewhere' })],
      ]),
      ...forge('Job', /^the Job of a run runs as the run's own service account/, [
        ['as another account', withPod({ serviceAccountName: 'default' })],
        ['with its token mounted', withPod({ automountServiceAccountToken: true })],
        ['with its token mounted by default', (job) => delete pod(job).automountServiceAccountToken],
      ]),
      ...forge('Job', /^the Job of a run makes a pod of one container/, [
        ["in the node's network", withPod({ hostNetwork: true })],
        ["among the node's processes", withPod({ hostPID: true })],
        ["that shares the node's memory", withPod({ hostIPC: true })],
        ['on a chosen node', withPod({ nodeName: 'node' })],
        ['on chosen nodes', withPod({ nodeSelector: { [controlPlane]: '' } })],
        [
          'drawn to control planes',
          withPod({
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [onControlPlane] },
              },
            },
          }),
        ],
        ['that no taint keeps away', withPod({ tolerations: [toleration] })],
        [
          'spread over zones',
          withPod({
            topologySpreadConstraints: [
              { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
            ],
          }),
        ],
        ['before which others give way', withPod({ priorityClassName: 'system-node-critical' })],
        ['in another runtime', withPod({ runtimeClassName: 'unsafe' })],
        ['of another scheduler', withPod({ schedulerName: 'mallory' })],
        ['with hosts of its own', withPod({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['a.example'] }] })],
        [
          'with name servers of its own',
          withPod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['8.8.8.8'] } }),
        ],
        ["with the node's name servers", withPod({ dnsPolicy: 'Default' })],
        ['with a name of its own', withPod({ hostname: 'database', subdomain: 'database' })],
        ['with devices', withPod({ resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] })],
        ['with users of its own', withPod({ hostUsers: false })],
        ['whose processes see each other', withPod({ shareProcessNamespace: true })],
        ['with a pull secret', withPod({ imagePullSecrets: [{ name: 'ambient-runner-secrets' }] })],
        [
          'with an init container',
          (job) => withPod({ initContainers: [{ ...container(job), name: 'init' }] })(job),
        ],
        ['with a second container', (job) => pod(job).containers.push({ ...container(job), name: 'second' })],
        ["whose pod has another's labels", withLabels({ app: 'database' })],
        [
          'whose pod others see to',
          ({ spec }) =>
            Object.assign(spec.template.metadata, {
              annotations: { 'container.apparmor.security.beta.kubernetes.io/runner': 'unconfined' },
            }),
        ],
        [
          'whose pod outlives it',
          ({ spec }) => Object.assign(spec.template.metadata, { finalizers: ['writ.test/hold'] }),
        ],
      ]),
      ...forge('Job', /^the Job of a run has no privilege and no root/, [
        ['that may be root', withSecurity({ runAsNonRoot: false })],
        ['as user 0', withSecurity({ runAsUser: 0 })],
        ['as whoever its image says', (job) => delete pod(job).securityContext.runAsUser],
        ["with root's files", withSecurity({ fsGroup: 0 })],
        ["in root's group", withSecurity({ runAsGroup: 0 })],
        ['in other groups', withSecurity({ supplementalGroups: [0] })],
        ['with any system call', withSecurity({ seccompProfile: unconfined })],
        ['with any system call by default', (job) => delete pod(job).securityContext.seccompProfile],
        [
          "with a node's own system calls",
          withSecurity({ seccompProfile: { type: 'Localhost', localhostProfile: 'any.json' } }),
        ],
        ['with no AppArmor', withSecurity({ appArmorProfile: unconfined })],
        ['with its own SELinux', withSecurity({ seLinuxOptions: { type: 'spc_t' } })],
        ['with kernel parameters', withSecurity({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] })],
        ['whose container is root', withOwnSecurity({ runAsUser: 0 })],
        ['whose container may be root', withOwnSecurity({ runAsNonRoot: false })],
        ['whose container has any system call', withOwnSecurity({ seccompProfile: unconfined })],
        ['whose container has no AppArmor', withOwnSecurity({ appArmorProfile: unconfined })],
        ['whose container has its own SELinux', withOwnSecurity({ seLinuxOptions: { type: 'spc_t' } })],
        ['whose container says how it sees /proc', withOwnSecurity({ procMount: 'Default' })],
        ['whose container writes to its image', withOwnSecurity({ readOnlyRootFilesystem: false })],
        ['that may gain privileges', withOwnSecurity({ allowPrivilegeEscalation: true })],
        // Of an API server that allows no privileged container, true is refused before.
        ['that says of privilege anything', withOwnSecurity({ privileged: false })],
        [
          'with a capability',
          (job) => Object.assign(container(job).securityContext.capabilities, { add: ['SYS_ADMIN'] }),
        ],
        ['that keeps its capabilities', (job) => delete container(job).securityContext.capabilities],
        ['that says nothing of its security', (job) => delete container(job).securityContext],
      ]),
      ...forge('Job', /^the container of a run has a command/, [
        ["with a port of its node's", withContainer({ ports: [{ containerPort: 80, hostPort: 80 }] })],
        ['with a port', withContainer({ ports: [{ containerPort: 80 }] })],
        ['that has the kubelet call others', withContainer({ lifecycle: { preStop: { httpGet } } })],
        ['that has it do so again and again', withContainer({ livenessProbe: { httpGet } })],
        ['with other arguments', withContainer({ args: ['x'] })],
      ]),
      ...forge('Job', /^the Job of a run mounts its own Secret/, [
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
          'that mounts a claim',
          (job) => pod(job).volumes.push({ name: 'c', persistentVolumeClaim: { claimName: 'c' } }),
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
      const patch = (body: object) => asked('controller', 'PATCH', path, body, merge);
      expect(await patch({})).toBe('done');
      const token = { [`${WRITS}token-expires-at`]: 'soon' };
      expect(await patch({ metadata: { annotations: token }, data: { token: 'eA==' } })).toBe('done');
      expect(await patch({ data: { password: 'eA==' } })).toMatch(/^the Secret of a run is Opaque/);
      expect(await patch({ metadata: { finalizers: ['writ.test/hold'] } })).toMatch(/no finalizer$/);
      const annotate = (note: string) => patch({ metadata: { annotations: { note } } });
      expect(await annotate('b')).toMatch(/^Writ annotates the Secret/);
      // What others have put there does not keep Writ from finding it and deleting it.
      await admin.patch(path, { metadata: { annotations: { note: 'a' } }, data: { password: 'eA==' } });
      expect(await patch({})).toBe('done');
      expect(await annotate('b')).toMatch(/^Writ annotates the Secret/);
      expect(await patch({ data: { password: 'eQ==' } })).toMatch(/^the Secret of a run is Opaque/);
      expect(await asked('controller', 'DELETE', path, { dryRun, preconditions })).toBe('done');
      expect(await asked('controller', 'DELETE', path)).toBe(
        'Writ deletes what belongs to a run only by UID',
      );
    });
  });

  describe('on what others add', () => {
    it('let the controller delete a service account with pull secrets', async () => {
      const account = structuredClone(children.ServiceAccount);
      account.metadata.name = runName(session.metadata.uid, 3);
      account.metadata.annotations['openshift.io/internal-registry-pull-secret-ref'] = 'pull';
      const { metadata } = await put(admin, CORE(PROJECT, 'serviceaccounts'), {
        ...account,
        imagePullSecrets: [{ name: 'pull' }],
        secrets: [{ name: 'pull' }],
      });
      const options = { dryRun: ['All'], preconditions: { uid: metadata.uid } };
      const path = `${CORE(PROJECT, 'serviceaccounts')}/${metadata.name}`;
      expect(await asked('controller', 'DELETE', path, options)).toBe('done');
    });
  });

  describe('on tokens', () => {
    beforeAll(async () => {
      const account = structuredClone(children.ServiceAccount);
      account.metadata.name = unread(account.metadata.name);
      await put(admin, CORE(PROJECT, 'serviceaccounts'), account);
    });

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
        for (const other of ['default', unread(name)])
          expect([other, await mint(who, other, { boundObjectRef })]).toEqual([
            other,
            'Writ mints tokens of the service accounts of runs only',
          ]);
        const living = (expirationSeconds: number) => mint(who, name, { boundObjectRef, expirationSeconds });
        expect(await living(604_800)).toBe('done');
        expect(await living(604_801)).toBe('the token of a run lives for seven days at most');
        for (const audience of [
          'sts.amazonaws.com',
          'api://AzureADTokenExchange',
          '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b',
          'https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b',
          'a-project.svc.id.goog',
        ])
          expect([audience, await mint(who, name, { boundObjectRef, audiences: [audience] })]).toEqual([
            audience,
            "the token of a run is none for a cloud's roles",
          ]);
      },
    );
  });
});
