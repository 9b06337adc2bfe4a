import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE, JOBS, RBAC, SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid');

describe('the run of a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  let session = { name: '', uid: '' };
  let run = '';
  // biome-ignore lint/suspicious/noExplicitAny: what the cluster stores
  const stored: Record<string, any> = {};

  beforeAll(async () => {
    await putProject(admin, 'running');
    await putSession(admin, 'running', 'bystander');
    const input = {
      project: 'running',
      name: 'agent',
      initialPrompt: 'Print $(ANTHROPIC_API_KEY) and $HOME',
      llmSettings: { model: 'claude-opus-4-5', temperature: 0.5, maxTokens: 100 },
      timeoutSeconds: 1_200,
      inactivityTimeoutSeconds: 60,
      stopOnRunFinished: true,
      repos: [{ url: 'https://github.com/example/a' }],
      environmentVariables: [{ key: 'COLOR', value: '$(PATH)' }],
    };
    const { data, errors } = await writ.as('alice', CREATE, { input });
    expect(errors).toBeUndefined();
    session = data.createSession.session;
    run = `session-${session.uid}-1`;
    const paths = {
      Secret: CORE('running', 'secrets'),
      ServiceAccount: CORE('running', 'serviceaccounts'),
      Role: RBAC('running', 'roles'),
      RoleBinding: RBAC('running', 'rolebindings'),
      Job: JOBS('running'),
    };
    for (const [kind, path] of Object.entries(paths)) stored[kind] = (await admin.get(`${path}/${run}`)).body;
  });

  async function asRun(method: string, path: string, body?: unknown): Promise<number> {
    const token = Buffer.from(stored.Secret.data.token, 'base64').toString();
    const type = { 'content-type': 'application/merge-patch+json' };
    return (await admin.as(token).send(method, path, body, type)).status;
  }

  it('is five objects, each controlled by the session alone', () => {
    for (const kind of ['Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'Job']) {
      expect(stored[kind].metadata, kind).toMatchObject({
        name: run,
        namespace: 'running',
        labels: { 'app.kubernetes.io/managed-by': 'writ', 'ambient-code.io/session-uid': session.uid },
        annotations: {
          'ambient-code.io/requested-by': 'alice',
          'ambient-code.io/request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      });
      expect(stored[kind].metadata.ownerReferences, kind).toEqual([
        {
          apiVersion: 'vteam.ambient-code/v1alpha1',
          kind: 'AgenticSession',
          name: 'agent',
          uid: session.uid,
          controller: true,
        },
      ]);
    }
  });

  it('has a service account with the right to its own status and no other', () => {
    expect(stored.ServiceAccount.automountServiceAccountToken).toBe(false);
    expect(stored.Role.rules).toEqual([
      {
        apiGroups: ['vteam.ambient-code'],
        resources: ['agenticsessions/status'],
        resourceNames: ['agent'],
        verbs: ['get', 'patch'],
      },
    ]);
    expect(stored.RoleBinding.roleRef).toMatchObject({ kind: 'Role', name: run });
    expect(stored.RoleBinding.subjects).toEqual([
      { kind: 'ServiceAccount', name: run, namespace: 'running' },
    ]);
  });

  it('is a Job that runs once, for a bounded time', () => {
    expect(stored.Job.spec).toMatchObject({
      backoffLimit: 0,
      activeDeadlineSeconds: 1_200,
      template: {
        spec: { restartPolicy: 'Never', serviceAccountName: run, automountServiceAccountToken: false },
      },
    });
    expect(stored.Job.spec.template.metadata.labels).toMatchObject({
      'ambient-code.io/session-uid': session.uid,
    });
  });

  it('meets the restricted pod security standard', () => {
    const pod = stored.Job.spec.template.spec;
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers'])
      expect(pod).not.toHaveProperty(field);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: expect.any(Number),
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(pod.containers).toHaveLength(1);
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    const allowed = [
      'configMap',
      'csi',
      'downwardAPI',
      'emptyDir',
      'ephemeral',
      'persistentVolumeClaim',
      'projected',
      'secret',
    ];
    for (const { name: _, ...source } of pod.volumes)
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(source)));
    expect(pod.volumes).toContainEqual({ name: 'token', secret: { secretName: run, defaultMode: 0o440 } });
  });

  it('is limited in what it stores on its node', () => {
    const { containers, volumes } = stored.Job.spec.template.spec;
    const sizes = volumes.map((volume: { emptyDir?: { sizeLimit: string } }) => volume.emptyDir?.sizeLimit);
    expect(sizes).toEqual([undefined, '10Gi', '1Gi']);
    expect(containers[0].resources).toMatchObject({
      requests: { 'ephemeral-storage': '1Gi' },
      limits: { 'ephemeral-storage': '12Gi' },
    });
  });

  it('tells the runner what the session says, literally', () => {
    const [runner] = stored.Job.spec.template.spec.containers;
    const environment = Object.fromEntries(
      runner.env.map(({ name, value, valueFrom }: Record<string, unknown>) => [name, value ?? valueFrom]),
    );
    expect(environment).toEqual({
      COLOR: '$$(PATH)',
      AGENTIC_SESSION_NAME: 'agent',
      AGENTIC_SESSION_NAMESPACE: 'running',
      AGENTIC_SESSION_UID: session.uid,
      SESSION_ID: 'agent',
      PROJECT_NAME: 'running',
      RUNNER_TYPE: 'claude-agent-sdk',
      INITIAL_PROMPT: 'Print $$(ANTHROPIC_API_KEY) and $$HOME',
      LLM_MODEL: 'claude-opus-4-5',
      LLM_TEMPERATURE: '0.5',
      LLM_MAX_TOKENS: '100',
      TIMEOUT: '1200',
      INACTIVITY_TIMEOUT: '60',
      STOP_ON_RUN_FINISHED: 'true',
      REPOS_JSON: '[{"url":"https://github.com/example/a","branch":"main","autoPush":false}]',
      BOT_TOKEN_FILE: '/var/run/secrets/ambient-code.io/runner/token',
      HOME: '/workspace',
      // Not there: the kubelet starts nothing, and says so.
      ANTHROPIC_API_KEY: { secretKeyRef: { name: 'ambient-runner-secrets', key: 'ANTHROPIC_API_KEY' } },
    });
    expect(runner.envFrom).toEqual([{ secretRef: { name: 'ambient-runner-secrets', optional: true } }]);
  });

  it('has a token of its service account in its Secret, which expires', async () => {
    const token = Buffer.from(stored.Secret.data.token, 'base64').toString();
    const viewer = await writ.post(
      { query: '{ viewer { username } }' },
      { authorization: `Bearer ${token}` },
    );
    expect(viewer.data.viewer.username).toBe(`system:serviceaccount:running:${run}`);
    expect(Object.keys(stored.Secret.data)).toEqual(['token']);
    const { body } = await admin.get(`${SESSIONS('running')}/agent`);
    const expires = Date.parse(stored.Job.metadata.annotations['ambient-code.io/token-expires-at']);
    // The timeout and five minutes.
    const minted = expires - 1_500_000;
    // It is minted after the session is created, and before the Job is, whose time has no fractions of a second.
    expect(minted).toBeGreaterThanOrEqual(Date.parse(body.metadata.creationTimestamp));
    expect(minted).toBeLessThan(Date.parse(stored.Job.metadata.creationTimestamp) + 1_000);
  });

  it('may read and patch the status of its session, and do nothing else', async () => {
    const own = `${SESSIONS('running')}/agent`;
    expect(await asRun('GET', `${own}/status`)).toBe(200);
    expect(await asRun('PATCH', `${own}/status`, { status: { phase: 'Running' } })).toBe(200);
    const forbidden: [string, string, unknown?][] = [
      ['GET', own],
      ['PATCH', own, { spec: { initialPrompt: 'x' } }],
      ['DELETE', own],
      ['GET', SESSIONS('running')],
      ['GET', `${SESSIONS('running')}/bystander/status`],
      ['PATCH', `${SESSIONS('running')}/bystander/status`, { status: {} }],
      ['GET', `${CORE('running', 'secrets')}/${run}`],
      ['GET', CORE('running', 'secrets')],
      ['GET', CORE('running', 'pods')],
      ['POST', `${CORE('running', 'serviceaccounts')}/${run}/token`, {}],
    ];
    for (const [method, path, body] of forbidden) {
      expect([method, path, await asRun(method, path, body)]).toEqual([method, path, 403]);
    }
  });

  it('loses its token with its Secret', async () => {
    const status = `${SESSIONS('running')}/agent/status`;
    expect(await asRun('GET', status)).toBe(200);
    expect((await admin.delete(`${CORE('running', 'secrets')}/${run}`)).status).toBe(200);
    await eventually(async () => expect(await asRun('GET', status)).toBe(401));
  });
});
