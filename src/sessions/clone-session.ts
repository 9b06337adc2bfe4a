import { z } from 'zod';
import { BadUserInput } from '../errors.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { AgenticSession } from '../model/session.ts';
import { buildSession, type SessionInput } from './build-session.ts';
import { beginSession, parseSessionInput, type SessionDependencies } from './create-session.ts';
import { readSession } from './read-session.ts';
import { assertRunnerSecretKeys } from './runner-secret-keys.ts';
import {
  annotationEntry,
  check,
  displayName,
  dnsLabel,
  labelEntry,
  RUNNER_TYPE_VARIABLE,
} from './session-fields.ts';

const cloneSessionInput = z.object({
  project: z.string(),
  name: z.string(),
  targetProject: dnsLabel,
  targetName: dnsLabel.nullish(),
  displayName: displayName.nullish(),
  start: z.boolean().nullish(),
});

export type CloneSessionInput = z.input<typeof cloneSessionInput>;

/**
 * Creates a session like another, in the same or another project. The source is read as the user, and only what passes
 * the rules for an input is taken; its origin, owners and reserved metadata are not. Errors: as createSession's, and
 * NOT_FOUND where the user sees no such source.
 */
export async function cloneSession(
  dependencies: SessionDependencies,
  given: CloneSessionInput,
): Promise<AgenticSession> {
  const { user, authorize, runners } = dependencies;
  const project = parseNamespace(given.project, 'input.project');
  const name = parseName(given.name, 'input.name');
  const input = check(cloneSessionInput, given, 'input');
  const source = await readSession(user, project, name);
  const like = inputFromSource(source, input);
  const checked = withSourcePaths(() => parseSessionInput(like, runners.template));
  await assertRunnerSecretKeys(user, input.targetProject, runners.template, like.runnerType);

  const writ = await authorize(user, 'cloneSession', { namespace: input.targetProject });
  const start = input.start ?? false;
  const { activeWorkflow, mcpServers } = source.spec ?? {};
  const manifest = buildSession(checked, writ, start, {
    ...(activeWorkflow && { activeWorkflow }),
    ...(mcpServers && { mcpServers }),
  });
  return beginSession(dependencies, writ, await writ.createSession(manifest), start);
}

/** The input that would have made the source. What has a reserved prefix is left behind. */
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
    repos: spec.repos,
    environmentVariables: entriesOf(variables),
    labels: entriesOf(metadata.labels).filter((entry) => labelEntry.safeParse(entry).success),
    annotations: entriesOf(metadata.annotations).filter((entry) => annotationEntry.safeParse(entry).success),
  };
}

function entriesOf(map: Record<string, string> | undefined): { key: string; value: string }[] {
  return Object.entries(map ?? {}).map(([key, value]) => ({ key, value }));
}

/** What is wrong with the source is no fault of the input's fields: the paths say so. */
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
