import { z } from 'zod';
import { BadUserInput } from '../errors.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { AgenticSession, AgenticSessionSpec } from '../model/session.ts';
import { authorizeDuring } from './authorize-during.ts';
import { buildSession, type SessionInput } from './build-session.ts';
import { createOnce, parseSessionInput, type SessionDependencies } from './create-session.ts';
import { withoutFilledIn } from './filled-in-fields.ts';
import { readSession } from './read-session.ts';
import { assertRunnerSecretKeys } from './runner-secret-keys.ts';
import {
  activeWorkflow,
  annotationEntry,
  check,
  displayName,
  dnsLabel,
  idempotencyKey,
  labelEntry,
  mcpServers,
  RUNNER_TYPE_VARIABLE,
} from './session-fields.ts';

const cloneSessionInput = z.object({
  project: z.string(),
  name: z.string(),
  targetProject: dnsLabel,
  targetName: dnsLabel.nullish(),
  displayName: displayName.nullish(),
  copyEnvironmentVariables: z.boolean().nullish(),
  copyAutoPush: z.boolean().nullish(),
  start: z.boolean().nullish(),
  idempotencyKey: idempotencyKey.nullish(),
});

/** The fields that a session may have and that no input can set. */
const unlistedFields = z.object({
  activeWorkflow: activeWorkflow.nullish(),
  mcpServers: mcpServers.nullish(),
});

export type CloneSessionInput = z.input<typeof cloneSessionInput>;

/**
 * Creates a copy of a session, in the same or another project. The source is read as the user. Its origin, parent, owners
 * and reserved labels and annotations are not copied. Into another project, what would use the target's credentials for the
 * author of the source is copied only on request: environment variables and MCP servers, which can point keys at another
 * host; the active workflow, which is code of a repository that can change; and autoPush. What is copied must pass the rules
 * for an input, since other tenants may have written the source. A call that repeats an idempotency key returns the session of
 * the first one. Errors: those of createSession (paths that begin with `source` name fields of the source), and NOT_FOUND if the
 * user sees no such source.
 */
export async function cloneSession(
  dependencies: SessionDependencies,
  rawInput: CloneSessionInput,
): Promise<AgenticSession> {
  const { user, authorize, runners } = dependencies;
  const project = parseNamespace(rawInput.project, 'input.project');
  const name = parseName(rawInput.name, 'input.name');
  const input = check(cloneSessionInput, rawInput, 'input');
  const source = await readSession(user, project, name);
  const copy = inputFromSource(withoutFilledIn(source, runners.template), input);
  const checked = withSourcePaths(() => parseSessionInput(copy, runners.template));
  const unlisted = check(unlistedFields, unlistedFrom(source, input), 'source');
  const { targetProject } = input;
  const [, writ] = await authorizeDuring(
    assertRunnerSecretKeys(dependencies, targetProject, copy.runnerType, 'source.runnerType'),
    () => authorize(user, 'cloneSession', { namespace: targetProject }),
  );
  const start = input.start ?? false;
  const manifest = buildSession(checked, writ, runners.template, start, {
    extraSpec: unlisted as AgenticSessionSpec,
    // The source may have changed since the first attempt.
    request: { ...input, source: source.metadata.uid },
  });
  return createOnce(dependencies, writ, checked, manifest, start);
}

/** The input that creates a copy of the source. Labels and annotations that an input may not have are left out. */
function inputFromSource(
  { metadata, spec = {} }: AgenticSession,
  input: z.infer<typeof cloneSessionInput>,
): SessionInput {
  const { [RUNNER_TYPE_VARIABLE]: runnerType, ...variables } = spec.environmentVariables ?? {};
  return {
    project: input.targetProject,
    name: input.targetName,
    displayName: input.displayName ?? spec.displayName,
    initialPrompt: spec.initialPrompt,
    runnerType,
    llmSettings: spec.llmSettings,
    timeoutSeconds: spec.timeout,
    inactivityTimeoutSeconds: spec.inactivityTimeout,
    stopOnRunFinished: spec.stopOnRunFinished,
    repos: copies(input, input.copyAutoPush)
      ? spec.repos
      : spec.repos?.map((repo) => ({ ...repo, autoPush: false })),
    environmentVariables: copies(input, input.copyEnvironmentVariables) ? entriesOf(variables) : [],
    labels: entriesOf(metadata.labels).filter((entry) => labelEntry.safeParse(entry).success),
    annotations: entriesOf(metadata.annotations).filter((entry) => annotationEntry.safeParse(entry).success),
    idempotencyKey: input.idempotencyKey,
  };
}

/** What the copy gets of the fields that no input can set. */
function unlistedFrom({ spec = {} }: AgenticSession, input: z.infer<typeof cloneSessionInput>) {
  if (!copies(input, input.copyEnvironmentVariables)) return {};
  const { activeWorkflow, mcpServers } = spec;
  return { ...(activeWorkflow && { activeWorkflow }), ...(mcpServers && { mcpServers }) };
}

/** Whether to copy what the caller can ask for or decline. Within a project, its author could run it there anyway. */
function copies({ project, targetProject }: CloneSessionInput, asked: boolean | null | undefined): boolean {
  return asked ?? project === targetProject;
}

function entriesOf(map: Record<string, string> | undefined): { key: string; value: string }[] {
  return Object.entries(map ?? {}).map(([key, value]) => ({ key, value }));
}

/** Makes the paths of errors begin with `source`: they are about the source's fields, not the input's. */
function withSourcePaths<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof BadUserInput)) throw error;
    throw new BadUserInput(
      error.fields.map(({ path, message }) => ({ path: path.replace(/^input\b/, 'source'), message })),
    );
  }
}
