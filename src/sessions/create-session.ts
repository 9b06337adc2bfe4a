import { z } from 'zod';
import type { Authorize } from '../authorization/authorize.ts';
import type { Writ } from '../authorization/writ.ts';
import { BadUserInput, Conflict } from '../errors.ts';
import type { Keys } from '../keys/shared-keys.ts';
import { inParallel } from '../kubernetes/in-parallel.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { INPUT_DIGEST, REQUESTED_BY } from '../model/labels-and-annotations.ts';
import { type Runners, type RunTemplate, runnerTypeOf } from '../model/run-template.ts';
import { AGENTIC_SESSIONS, type AgenticSession, type AgenticSessionManifest } from '../model/session.ts';
import { authorizeDuring } from './authorize-during.ts';
import { buildSession, type SessionInput } from './build-session.ts';
import { idempotentNames } from './idempotent-names.ts';
import { createRun, reportFailure } from './run/create-run.ts';
import { assertRunnerSecretKeys, type KnownDenials } from './runner-secret-keys.ts';
import {
  annotationEntry,
  check,
  displayName,
  dnsLabel,
  environmentName,
  environmentNameFor,
  environmentVariables,
  idempotencyKey,
  inactivityTimeout,
  initialPrompt,
  labelEntry,
  llmSettings,
  repos,
  timeoutUpTo,
  uniqueEntries,
} from './session-fields.ts';
import { pendingStatus } from './status/request-status.ts';

function createSessionInput(template: RunTemplate) {
  // The digest of an input depends on the order of its fields.
  return z.object({
    project: dnsLabel,
    name: dnsLabel.nullish(),
    ...sessionTemplate(template).shape,
    parentSession: dnsLabel.nullish(),
    start: z.boolean().nullish(),
    idempotencyKey: idempotencyKey.nullish(),
  });
}

/** What sessions that are created again and again have in common. */
export function sessionTemplate(template: RunTemplate) {
  const types = template.runnerTypes.map((type) => type.id) as [string, ...string[]];
  return z.object({
    displayName: displayName.nullish(),
    initialPrompt: initialPrompt.nullish(),
    runnerType: z.enum(types).nullish(),
    llmSettings: llmSettings.nullish(),
    timeoutSeconds: timeoutUpTo(template.maxTimeoutSeconds).nullish(),
    inactivityTimeoutSeconds: inactivityTimeout.nullish(),
    stopOnRunFinished: z.boolean().nullish(),
    repos: repos.nullish(),
    environmentVariables: environmentVariables.nullish(),
    labels: uniqueEntries(labelEntry, 32).nullish(),
    annotations: uniqueEntries(annotationEntry, 32).nullish(),
  });
}

export type CreateSessionInput = z.input<ReturnType<typeof createSessionInput>>;

export interface SessionDependencies {
  user: UserCluster;
  authorize: Authorize;
  reviews: KnownDenials;
  keys: Pick<Keys, 'idempotency'>;
  runners: Runners;
}

/**
 * Creates a session and, unless `start` is false, its run. A call that repeats an idempotency key returns the session of
 * the first one. Errors: BAD_USER_INPUT, FORBIDDEN, CONFLICT (the name is taken, or the idempotency key was used with
 * another input), NOT_FOUND (no such namespace). An error after the session was created has `session: {project, name, uid}`
 * in its extensions.
 */
export async function createSession(
  dependencies: SessionDependencies,
  rawInput: CreateSessionInput,
): Promise<AgenticSession> {
  const { user, authorize, runners } = dependencies;
  const input = parseSessionInput(rawInput, runners.template);
  const start = input.start ?? true;
  const [, writ] = await authorizeDuring(
    inParallel(
      assertRunnerSecretKeys(dependencies, input.project, input.runnerType, 'input.runnerType'),
      input.parentSession ? readParent(user, input.project, input.parentSession) : Promise.resolve(),
    ),
    () => authorize(user, 'createSession', { namespace: input.project }),
  );
  return createOnce(dependencies, writ, input, buildSession(input, writ, runners.template, start), start);
}

/**
 * Creates the session that was built for this input, with its first status and, if `start` is true, its run; or finds the one
 * that an earlier call with the same idempotency key created.
 */
export async function createOnce(
  dependencies: SessionDependencies,
  writ: Writ,
  input: SessionInput,
  built: AgenticSessionManifest,
  start: boolean,
): Promise<AgenticSession> {
  const { user, keys } = dependencies;
  const names = idempotentNames(keys.idempotency, writ.subject, input);
  const [manifest = built, ...underOtherKeys] = names.map((name) => named(built, name));
  for (const other of underOtherKeys) {
    const earlier = await findEarlierSession(user, other, input);
    if (earlier) return earlier;
  }
  let session: AgenticSession;
  try {
    session = await writ.session.create(manifest);
  } catch (error) {
    const mayBeReplay = input.idempotencyKey && error instanceof KubernetesError && error.isAlreadyExists;
    const earlier = mayBeReplay && (await findEarlierSession(user, manifest, input));
    if (earlier) return earlier;
    throw error;
  }
  return beginSession(dependencies, writ, session, start);
}

/** Sets the first status of a session that was just created and, if `start` is true, creates its run. */
export async function beginSession(
  { user, runners }: SessionDependencies,
  writ: Writ,
  session: AgenticSession,
  start: boolean,
): Promise<AgenticSession> {
  // The operator creates the run from the custom resource, and sets the status.
  if (runners.mode === 'operator') return session;
  try {
    const setPending = () => writ.session.updateStatus(pendingStatus(session));
    return await (start ? createRun(writ, user, session, 1, runners, setPending) : setPending());
  } catch (error) {
    throw await reportFailure(writ, session, error);
  }
}

/** The checked input. BAD_USER_INPUT with the path of each field that breaks a rule. */
export function parseSessionInput(rawInput: unknown, template: RunTemplate) {
  const input = check(createSessionInput(template), rawInput, 'input');
  checkRunnerType(input, template, 'input');
  return input;
}

export type SessionTemplateInput = z.input<ReturnType<typeof sessionTemplate>>;
export type SessionTemplate = z.output<ReturnType<typeof sessionTemplate>>;

/** The checked template. BAD_USER_INPUT with the path of each field that breaks a rule, which begins with `at`. */
export function parseSessionTemplate(raw: unknown, template: RunTemplate, at: string): SessionTemplate {
  const input = check(sessionTemplate(template), raw, at);
  checkRunnerType(input, template, at);
  return input;
}

/** What the runner type has a say in: the model, and the names of variables. */
function checkRunnerType(input: SessionTemplate, template: RunTemplate, at: string): void {
  const type = runnerTypeOf(template, input.runnerType);
  const models = (type?.models ?? []) as [string, ...string[]];
  check(z.enum(models).nullish(), input.llmSettings?.model, `${at}.llmSettings.model`);
  const entries = z.array(z.object({ key: type ? environmentNameFor(type) : environmentName }));
  check(entries, input.environmentVariables ?? [], `${at}.environmentVariables`);
}

/** The parent must be a session that the user can read. */
async function readParent(user: UserCluster, namespace: string, name: string): Promise<void> {
  const parent = await user.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  if (!parent)
    throw new BadUserInput([{ path: 'input.parentSession', message: 'is not a session of the project' }]);
}

function named({ metadata, ...rest }: AgenticSessionManifest, name: string): AgenticSessionManifest {
  const { generateName: _, ...others } = metadata;
  return { ...rest, metadata: { ...others, name } };
}

/**
 * The session that an earlier call with the same idempotency key created, read as the user; null if there is none.
 * CONFLICT if that call had another input, or if the session with this name is another user's.
 */
async function findEarlierSession(
  user: UserCluster,
  manifest: AgenticSessionManifest,
  input: SessionInput,
): Promise<AgenticSession | null> {
  const { namespace = '', name = '', annotations = {} } = manifest.metadata;
  const earlier = await user.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  if (!earlier) return null;
  const isSame =
    [INPUT_DIGEST, REQUESTED_BY].every((key) => earlier.metadata.annotations?.[key] === annotations[key]) &&
    earlier.spec?.userContext?.userId === manifest.spec.userContext?.userId;
  if (isSame) return earlier;
  const other = { project: namespace, name };
  // Whether an earlier call had the key, too, is not known then.
  if (input.name)
    throw new Conflict(`There is another session with the name ${name}`, {
      ...other,
      reason: 'AlreadyExists',
    });
  throw new Conflict('The idempotency key was already used for another session', other);
}
