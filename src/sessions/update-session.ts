import { z } from 'zod';
import { Conflict } from '../errors.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { RunTemplate } from '../model/run-template.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../model/session.ts';
import { readSession } from './read-session.ts';
import {
  check,
  displayName,
  initialPrompt,
  llmSettings,
  RUNNER_TYPE_VARIABLE,
  timeoutUpTo,
} from './session-fields.ts';
import { assertActionInPhase } from './status/session-phase.ts';

function updateSessionInput(template: RunTemplate) {
  return z.object({
    project: z.string(),
    name: z.string(),
    resourceVersion: z.string().min(1).max(64).nullish(),
    displayName: displayName.nullish(),
    initialPrompt: initialPrompt.nullish(),
    llmSettings: llmSettings.nullish(),
    timeoutSeconds: timeoutUpTo(template.maxTimeoutSeconds).nullish(),
  });
}

export type UpdateSessionInput = z.input<ReturnType<typeof updateSessionInput>>;

/**
 * Changes a session as the user: what is absent stays, null clears. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND,
 * CONFLICT (another resourceVersion than the one given, or the session runs and the change could not take effect).
 */
export async function updateSession(
  user: UserCluster,
  runTemplate: RunTemplate,
  given: UpdateSessionInput,
): Promise<AgenticSession> {
  const project = parseNamespace(given.project, 'input.project');
  const name = parseName(given.name, 'input.name');
  const input = check(updateSessionInput(runTemplate), given, 'input');

  const session = await readSession(user, project, name);
  assertActionInPhase(session, 'UPDATE');
  check(modelOf(session, runTemplate).nullish(), input.llmSettings?.model, 'input.llmSettings.model');
  const { uid, resourceVersion } = session.metadata;
  // Compared here: the API server calls one that is no number an error of its own.
  if (input.resourceVersion != null && input.resourceVersion !== resourceVersion) {
    throw new Conflict('The session has changed: read it again', { project, name });
  }
  // Pinned to what the phase was read from: a start in between is a CONFLICT and not a change without effect.
  return user.patch<AgenticSession>(AGENTIC_SESSIONS, project, name, {
    metadata: { uid, resourceVersion },
    spec: {
      displayName: input.displayName,
      initialPrompt: input.initialPrompt,
      llmSettings: input.llmSettings,
      timeout: input.timeoutSeconds,
    },
  });
}

/** A model of the session's own runner type; of any, where the session names a type that the cluster doesn't have. */
function modelOf({ spec }: AgenticSession, { runnerTypes, defaultRunnerType }: RunTemplate) {
  const id = spec?.environmentVariables?.[RUNNER_TYPE_VARIABLE] ?? defaultRunnerType;
  const own = runnerTypes.filter((type) => type.id === id);
  const models = (own.length > 0 ? own : runnerTypes).flatMap((type) => type.models);
  return z.enum(models as [string, ...string[]]);
}
