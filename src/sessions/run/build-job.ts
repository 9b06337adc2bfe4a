import type { V1EnvVar, V1Job } from '@kubernetes/client-node';
import type { AsJson, ObjectMeta } from '../../kubernetes/resources.ts';
import { START_REQUESTED_AT } from '../../model/labels-and-annotations.ts';
import type { RunnerType, RunTemplate } from '../../model/run-template.ts';
import { RUNNER_CONTAINER } from './job-state.ts';
import type { RunnableSession } from './read-stored-session.ts';

export type JobManifest = AsJson<V1Job>;
type RunMetadata = ObjectMeta & { name: string; labels: Record<string, string> };

const TOKEN_DIRECTORY = '/var/run/secrets/ambient-code.io/runner';

/** @param metadata that all objects of the run have; the run's Secret and ServiceAccount have its name too */
export function buildJob(
  session: RunnableSession,
  metadata: RunMetadata,
  template: RunTemplate,
): JobManifest {
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
          ...(template.imagePullSecrets.length > 0 && {
            imagePullSecrets: template.imagePullSecrets.map((name) => ({ name })),
          }),
          securityContext: {
            runAsNonRoot: true,
            ...(template.runAsUser !== null && {
              runAsUser: template.runAsUser,
              fsGroup: template.runAsUser,
            }),
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: RUNNER_CONTAINER,
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
            // Without a group that is known, whoever the container runs as has to be able to read it.
            {
              name: 'token',
              secret: { secretName: metadata.name, defaultMode: template.runAsUser === null ? 0o444 : 0o440 },
            },
            { name: 'workspace', emptyDir: { sizeLimit: template.workspaceSizeLimit } },
            { name: 'tmp', emptyDir: { sizeLimit: template.tmpSizeLimit } },
          ],
        },
      },
    },
  };
}

/** The session's variables come first and replace no other: of two with the same name, Kubernetes uses the last. */
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
  const fromSession = Object.entries(session.environment).filter(([name]) => !Object.hasOwn(own, name));
  const entries = [...fromSession, ...Object.entries(own)];
  return entries.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: literal(String(value)) }],
  );
}

/** If a key is missing, the kubelet does not start the container and reports which. Writ itself may not read the Secret. */
function secretKeysOf({ requiredSecretKeys }: RunnerType, { runnerSecretsName }: RunTemplate): V1EnvVar[] {
  return requiredSecretKeys.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: runnerSecretsName, key } },
  }));
}

/** Escapes `$`: Kubernetes expands `$(NAME)`, so that a prompt could read another variable. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}
