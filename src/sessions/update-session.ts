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
 * Updates a session as the user. A field that is absent stays unchanged, null clears it. Errors: BAD_USER_INPUT, FORBIDDEN,
 * NOT_FOUND, CONFLICT (the resourceVersion is not the current one, or the session's phase does not allow an update).
 */
export async function updateSession(
  user: UserCluster,
  runTemplate: RunTemplate,
  rawInput: UpdateSessionInput,
): Promise<AgenticSession> {
  const project = parseNamespace(rawInput.project, 'input.project');
  const name = parseName(rawInput.name, 'input.name');
  const input = check(updateSessionInput(runTemplate), rawInput, 'input');

  const session = await readSession(user, project, name);
  assertActionInPhase(session, 'UPDATE');
  check(modelsOf(session, runTemplate).nullish(), input.llmSettings?.model, 'input.llmSettings.model');
  const { uid, resourceVersion } = session.metadata;
  // Compared here, because the API server rejects one that is not a number as invalid.
  if (input.resourceVersion != null && input.resourceVersion !== resourceVersion) {
    throw new Conflict('The session has changed since it was read', { project, name });
  }
  // The resourceVersion at which the phase was read is a precondition: a run that was started since would not see the update.
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

/** The models of the session's runner type, or of all types if the template does not have that one. */
function modelsOf({ spec }: AgenticSession, { runnerTypes, defaultRunnerType }: RunTemplate) {
  const id = spec?.environmentVariables?.[RUNNER_TYPE_VARIABLE] ?? defaultRunnerType;
  const own = runnerTypes.filter((type) => type.id === id);
  const models = (own.length > 0 ? own : runnerTypes).flatMap((type) => type.models);
  return z.enum(models as [string, ...string[]]);
}
