import type { V1EnvVar, V1Job } from '@kubernetes/client-node';
import {
  type AsJson,
  apiVersionOf,
  type ObjectMeta,
  type OwnerReference,
  type Role,
  type RoleBinding,
  type Secret,
  type ServiceAccount,
} from '../../kubernetes/resources.ts';
import {
  REQUEST_ID,
  REQUESTED_BY,
  SESSION_UID_LABEL,
  START_REQUESTED_AT,
} from '../../model/labels-and-annotations.ts';
import type { RunnerType, RunTemplate } from '../../model/run-template.ts';
import { tokenSeconds } from '../../model/run-token.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import type { RunnableSession } from './read-stored-session.ts';
import { runName } from './run-objects.ts';

/** The objects of one run, in the order in which they are made. All have the session as their one owner. */
export interface Run {
  secret: Secret & { metadata: { name: string } };
  serviceAccount: ServiceAccount & { metadata: { name: string } };
  role: Role;
  roleBinding: RoleBinding;
  job: AsJson<V1Job>;
  /** How long the runner's token is asked to live. */
  tokenExpirationSeconds: number;
}

const TOKEN_DIRECTORY = '/var/run/secrets/ambient-code.io/runner';

/** Who asks for a run, and by which request. The controller makes runs that nobody asks it for. */
export interface RunOrigin {
  requestId: string;
  requestedBy?: string;
}

/** What a run of this session is, whoever asks: the same input gives the same objects. */
export function buildRun(
  session: RunnableSession,
  number: number,
  template: RunTemplate,
  origin: RunOrigin,
): Run {
  const name = runName(session.uid, number);
  const metadata = metadataOf(session, name, origin);
  return {
    secret: { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque' },
    serviceAccount: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      automountServiceAccountToken: false,
    },
    role: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: [AGENTIC_SESSIONS.group],
          resources: ['agenticsessions/status'],
          resourceNames: [session.name],
          verbs: ['get', 'patch'],
        },
      ],
    },
    roleBinding: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: session.namespace }],
    },
    job: buildJob(session, metadata, template),
    tokenExpirationSeconds: tokenSeconds(session.timeoutSeconds),
  };
}

function metadataOf(session: RunnableSession, name: string, { requestId, requestedBy }: RunOrigin) {
  const owner: OwnerReference = {
    apiVersion: apiVersionOf(AGENTIC_SESSIONS),
    kind: AGENTIC_SESSIONS.kind,
    name: session.name,
    uid: session.uid,
    controller: true,
  };
  return {
    name,
    namespace: session.namespace,
    labels: { 'app.kubernetes.io/managed-by': 'writ', [SESSION_UID_LABEL]: session.uid },
    annotations: { [REQUEST_ID]: requestId, ...(requestedBy && { [REQUESTED_BY]: requestedBy }) },
    ownerReferences: [owner],
  } satisfies ObjectMeta;
}

function buildJob(
  session: RunnableSession,
  metadata: ReturnType<typeof metadataOf>,
  template: RunTemplate,
): AsJson<V1Job> {
  const { runnerType } = session;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...metadata,
      annotations: {
        ...metadata.annotations,
        ...(session.startRequestedAt && { [START_REQUESTED_AT]: session.startRequestedAt }),
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: session.timeoutSeconds,
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          restartPolicy: 'Never',
          serviceAccountName: metadata.name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: template.runAsUser,
            fsGroup: template.runAsUser,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'runner',
              image: runnerType.image,
              ...(runnerType.command && { command: runnerType.command }),
              env: [...environmentOf(session), ...secretKeysOf(runnerType, template)],
              envFrom: [{ secretRef: { name: template.runnerSecretsName, optional: true } }],
              resources: runnerType.resources,
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [
                { name: 'token', mountPath: TOKEN_DIRECTORY, readOnly: true },
                { name: 'workspace', mountPath: '/workspace' },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [
            { name: 'token', secret: { secretName: metadata.name, defaultMode: 0o440 } },
            { name: 'workspace', emptyDir: {} },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  };
}

/** The user's variables first: where a name comes twice, Kubernetes lets the last one win. */
function environmentOf(session: RunnableSession): V1EnvVar[] {
  const { runnerType } = session;
  const own: Record<string, string | number | boolean | undefined> = {
    ...runnerType.env,
    AGENTIC_SESSION_NAME: session.name,
    AGENTIC_SESSION_NAMESPACE: session.namespace,
    AGENTIC_SESSION_UID: session.uid,
    SESSION_ID: session.name,
    PROJECT_NAME: session.namespace,
    RUNNER_TYPE: runnerType.id,
    INITIAL_PROMPT: session.initialPrompt,
    LLM_MODEL: session.model,
    LLM_TEMPERATURE: session.temperature,
    LLM_MAX_TOKENS: session.maxTokens,
    TIMEOUT: session.timeoutSeconds,
    INACTIVITY_TIMEOUT: session.inactivityTimeoutSeconds,
    STOP_ON_RUN_FINISHED: session.stopOnRunFinished,
    REPOS_JSON: JSON.stringify(session.repos),
    BOT_TOKEN_FILE: `${TOKEN_DIRECTORY}/token`,
    HOME: '/workspace',
  };
  const users = Object.entries(session.environment).filter(([name]) => !Object.hasOwn(own, name));
  const entries = [...users, ...Object.entries(own)];
  return entries.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: literal(String(value)) }],
  );
}

/** Where one is missing the kubelet starts nothing, and says which: Writ has no right to look for itself. */
function secretKeysOf({ requiredSecretKeys }: RunnerType, { runnerSecretsName }: RunTemplate): V1EnvVar[] {
  return requiredSecretKeys.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: runnerSecretsName, key } },
  }));
}

/** Kubernetes expands `$(NAME)` in a value, which would let a prompt read another variable; `$$` is a plain `$`. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}
