import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Authorize } from '../authorization/authorize.ts';
import type { Writ } from '../authorization/writ.ts';
import { BadUserInput, Conflict, KubernetesError, toWritError } from '../errors.ts';
import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  type AgenticSessionManifest,
  type AgenticSessionSpec,
  apiVersionOf,
  DESIRED_PHASE,
  INPUT_DIGEST,
  PARENT_SESSION,
  REQUEST_ID,
  REQUESTED_BY,
  START_REQUESTED_AT,
} from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { buildRun } from './run/build-run.ts';
import { ensureRun, RunStepFailed } from './run/ensure-run.ts';
import { readStoredSession } from './run/read-stored-session.ts';
import type { RunTemplate } from './run/run-template.ts';
import {
  annotationEntry,
  check,
  displayName,
  dnsLabel,
  environmentName,
  environmentValue,
  inactivityTimeout,
  initialPrompt,
  labelEntry,
  llmSettings,
  MAX_ENVIRONMENT_VARIABLES,
  RUNNER_TYPE_VARIABLE,
  repos,
  timeoutUpTo,
  uniqueEntries,
} from './session-fields.ts';

const environmentEntry = z.object({ key: environmentName, value: environmentValue });

function createSessionInput(template: RunTemplate) {
  const types = template.runnerTypes.map((type) => type.id) as [string, ...string[]];
  return z.object({
    project: dnsLabel,
    name: dnsLabel.nullish(),
    displayName: displayName.nullish(),
    initialPrompt: initialPrompt.nullish(),
    runnerType: z.enum(types).nullish(),
    llmSettings: llmSettings.nullish(),
    timeoutSeconds: timeoutUpTo(template.maxTimeoutSeconds).nullish(),
    inactivityTimeoutSeconds: inactivityTimeout.nullish(),
    stopOnRunFinished: z.boolean().nullish(),
    repos: repos.nullish(),
    environmentVariables: uniqueEntries(environmentEntry, MAX_ENVIRONMENT_VARIABLES).nullish(),
    labels: uniqueEntries(labelEntry, 32).nullish(),
    annotations: uniqueEntries(annotationEntry, 32).nullish(),
    parentSession: dnsLabel.nullish(),
    start: z.boolean().nullish(),
    idempotencyKey: z.string().min(1).max(256).nullish(),
  });
}

export type CreateSessionInput = z.input<ReturnType<typeof createSessionInput>>;

export interface CreateSessionDependencies {
  user: UserCluster;
  authorize: Authorize;
  runTemplate: RunTemplate;
}

/**
 * Creates a session and, unless `start` is false, its run. Errors: BAD_USER_INPUT, FORBIDDEN, CONFLICT (the name is
 * taken, or the idempotency key was used with another input), NOT_FOUND (no such namespace). What fails after the
 * session exists carries `session: {id?, project, name}` in its extensions.
 */
export async function createSession(
  { user, authorize, runTemplate }: CreateSessionDependencies,
  given: CreateSessionInput,
): Promise<AgenticSession> {
  const input = check(createSessionInput(runTemplate), given, 'input');
  assertModel(input, runTemplate);
  if (input.parentSession) await readParent(user, input.project, input.parentSession);
  const start = input.start ?? true;

  const writ = await authorize(user, 'createSession', { namespace: input.project });
  const manifest = buildSession(input, writ, start);
  let session: AgenticSession;
  try {
    session = await writ.createSession(manifest);
  } catch (error) {
    const isReplay = input.idempotencyKey && error instanceof KubernetesError && error.isAlreadyExists;
    if (isReplay) return readReplay(user, manifest);
    throw error;
  }
  try {
    return start
      ? await startRun(writ, session, runTemplate)
      : await writ.updateSessionStatus(pending(session));
  } catch (error) {
    throw await reportFailure(writ, session, error);
  }
}

function assertModel(input: z.infer<ReturnType<typeof createSessionInput>>, template: RunTemplate): void {
  const type = template.runnerTypes.find(({ id }) => id === (input.runnerType ?? template.defaultRunnerType));
  const models = (type?.models ?? []) as [string, ...string[]];
  check(z.enum(models).nullish(), input.llmSettings?.model, 'input.llmSettings.model');
  const names = z.string().refine((name) => !type?.requiredSecretKeys.includes(name), 'is reserved');
  const entries = z.array(z.object({ key: names }));
  check(entries, input.environmentVariables ?? [], 'input.environmentVariables');
}

/** Lineage is the user's to claim only over what the user can see. */
async function readParent(user: UserCluster, namespace: string, name: string): Promise<void> {
  const parent = await user.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  if (!parent)
    throw new BadUserInput([{ path: 'input.parentSession', message: 'is not a session of the project' }]);
}

function buildSession(
  input: z.infer<ReturnType<typeof createSessionInput>>,
  writ: Writ,
  start: boolean,
): AgenticSessionManifest {
  const { subject, requestId } = writ;
  const key = input.idempotencyKey;
  const generatedName = key && digest([subject.username, subject.uid, input.project, key]).slice(0, 40);
  const name = input.name ?? (generatedName && `session-${generatedName}`);
  const variables = Object.fromEntries(
    (input.environmentVariables ?? []).map(({ key, value }) => [key, value]),
  );
  if (input.runnerType) variables[RUNNER_TYPE_VARIABLE] = input.runnerType;

  return {
    apiVersion: apiVersionOf(AGENTIC_SESSIONS),
    kind: AGENTIC_SESSIONS.kind,
    metadata: {
      namespace: input.project,
      ...(name ? { name } : { generateName: 'session-' }),
      labels: asMap(input.labels),
      annotations: {
        ...asMap(input.annotations),
        [REQUESTED_BY]: subject.username,
        [REQUEST_ID]: requestId,
        ...(input.parentSession && { [PARENT_SESSION]: input.parentSession }),
        ...(key && { [INPUT_DIGEST]: digest([subject.username, subject.uid, withoutNull(input)]) }),
        ...(start && { [DESIRED_PHASE]: 'Running', [START_REQUESTED_AT]: new Date().toISOString() }),
      },
    },
    spec: withoutNull({
      project: input.project,
      displayName: input.displayName,
      initialPrompt: input.initialPrompt,
      llmSettings: input.llmSettings && withoutNull(input.llmSettings),
      timeout: input.timeoutSeconds,
      inactivityTimeout: input.inactivityTimeoutSeconds,
      stopOnRunFinished: input.stopOnRunFinished,
      repos: input.repos?.map(withoutNull),
      environmentVariables: Object.keys(variables).length > 0 ? variables : undefined,
      userContext: { userId: subject.username, displayName: subject.username, groups: subject.groups },
    }) as AgenticSessionSpec,
  };
}

async function startRun(writ: Writ, session: AgenticSession, template: RunTemplate): Promise<AgenticSession> {
  await writ.updateSessionStatus(pending(session));
  const run = buildRun(readStoredSession(session, template), 1, template, writ.requestId);
  await ensureRun(writ, run);
  return writ.updateSessionStatus({
    phase: 'Creating',
    conditions: [runCreated(session, 'True', 'RunCreated', 'The Job and what it needs exist')],
  });
}

function pending(session: AgenticSession) {
  const { generation } = session.metadata;
  return { phase: 'Pending', ...(generation !== undefined && { observedGeneration: generation }) };
}

/** Says it in a condition, as far as the cluster lets us, and in the error that the caller gets. */
async function reportFailure(writ: Writ, session: AgenticSession, error: unknown): Promise<Error> {
  const cause = error instanceof RunStepFailed ? error.cause : error;
  const failure = toWritError(cause);
  const step = error instanceof RunStepFailed ? error.message : 'the session could not be made ready to run';
  const message = `${step}: ${failure.message}`;
  await writ
    .updateSessionStatus({ conditions: [runCreated(session, 'False', failure.code, message)] })
    .catch(() => {});
  const { namespace: project, name, uid } = session.metadata;
  return failure.with({ session: { project, name, uid } });
}

function runCreated(session: AgenticSession, status: 'True' | 'False', reason: string, message: string) {
  const { generation } = session.metadata;
  return {
    type: 'RunCreated',
    status,
    reason,
    message: message.slice(0, 1_024),
    lastTransitionTime: new Date().toISOString(),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}

/**
 * The session that the same key made before, read as the user; CONFLICT if that was with another input, or if what
 * has the name is somebody else's.
 */
async function readReplay(user: UserCluster, manifest: AgenticSessionManifest): Promise<AgenticSession> {
  const { namespace = '', name = '', annotations = {} } = manifest.metadata;
  const earlier = await user.get<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  const isTheSame =
    [INPUT_DIGEST, REQUESTED_BY].every((key) => earlier.metadata.annotations?.[key] === annotations[key]) &&
    earlier.spec?.userContext?.userId === manifest.spec.userContext?.userId;
  if (isTheSame) return earlier;
  throw new Conflict('The idempotency key, or the name, was used for another session', {
    project: namespace,
    name,
  });
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function asMap(entries: { key: string; value: string }[] | null | undefined): Record<string, string> {
  return Object.fromEntries((entries ?? []).map(({ key, value }) => [key, value]));
}

function withoutNull<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field != null)) as T;
}
