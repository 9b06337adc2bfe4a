import { z } from 'zod';
import { Conflict } from '../errors.ts';
import { mergeOperations, type PatchOperation } from '../kubernetes/json-patch.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { RunTemplate } from '../model/run-template.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../model/session.ts';
import { samePhase, sameSession } from '../model/session-preconditions.ts';
import { assertNotStartedSince, retryOnConflict } from './retry-on-conflict.ts';
import {
  check,
  displayName,
  initialPrompt,
  llmSettings,
  RUNNER_TYPE_VARIABLE,
  resourceVersion,
  timeoutUpTo,
} from './session-fields.ts';
import { assertActionInPhase } from './status/session-phase.ts';

function updateSessionInput(template: RunTemplate) {
  return z.object({
    project: z.string(),
    name: z.string(),
    resourceVersion: resourceVersion.nullish(),
    displayName: displayName.nullish(),
    initialPrompt: initialPrompt.nullish(),
    llmSettings: llmSettings.nullish(),
    timeoutSeconds: timeoutUpTo(template.maxTimeoutSeconds).nullish(),
  });
}

export type UpdateSessionInput = z.input<ReturnType<typeof updateSessionInput>>;

/**
 * Updates a session as the user. A field that is absent stays unchanged, null clears it. Errors: BAD_USER_INPUT, FORBIDDEN,
 * NOT_FOUND, CONFLICT (the resourceVersion is not the current one, or the session's phase does not allow the update).
 */
export async function updateSession(
  user: UserCluster,
  runTemplate: RunTemplate,
  rawInput: UpdateSessionInput,
): Promise<AgenticSession> {
  const project = parseNamespace(rawInput.project, 'input.project');
  const name = parseName(rawInput.name, 'input.name');
  const input = check(updateSessionInput(runTemplate), rawInput, 'input');
  const { displayName, initialPrompt, llmSettings, timeoutSeconds: timeout } = input;
  const ofRuns = { initialPrompt, llmSettings, timeout };
  // A run does not depend on the name for display.
  const isOfRuns = Object.values(ofRuns).some((value) => value !== undefined);

  const patchOf = (session: AgenticSession): PatchOperation[] => [
    // A run that was started since would not see the update.
    ...sameSession(session),
    ...(isOfRuns ? samePhase(session) : []),
    ...(input.resourceVersion == null ? [] : [sameVersion(session)]),
    ...mergeOperations('/spec', session.spec, { displayName, ...ofRuns }),
  ];
  return retryOnConflict({
    user,
    namespace: project,
    name,
    preconditions: patchOf,
    write: async (session, first) => {
      const { deletionTimestamp, resourceVersion } = session.metadata;
      if (isOfRuns) assertNotStartedSince(first, session);
      if (isOfRuns || deletionTimestamp) assertActionInPhase(session, 'UPDATE');
      check(modelsOf(session, runTemplate).nullish(), llmSettings?.model, 'input.llmSettings.model');
      if (input.resourceVersion != null && input.resourceVersion !== resourceVersion) {
        throw new Conflict('The session has changed since it was read', { project, name });
      }
      return user.patch<AgenticSession>(AGENTIC_SESSIONS, project, name, patchOf(session));
    },
  });
}

function sameVersion({ metadata }: AgenticSession): PatchOperation {
  return { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion };
}

/** The models of the session's runner type, or of all types if the template does not have that one. */
function modelsOf({ spec }: AgenticSession, { runnerTypes, defaultRunnerType }: RunTemplate) {
  const id = spec?.environmentVariables?.[RUNNER_TYPE_VARIABLE] ?? defaultRunnerType;
  const own = runnerTypes.filter((type) => type.id === id);
  const models = (own.length > 0 ? own : runnerTypes).flatMap((type) => type.models);
  return z.enum(models as [string, ...string[]]);
}
