import { type CreateSessionInput, createSession } from '../../sessions/create-session.ts';
import { builder } from '../builder.ts';
import { KeyValueInput } from '../key-value.ts';
import { mutation } from '../mutation.ts';
import { LlmSettingsInput } from './llm-settings.ts';
import { asPayload, sessionPayload } from './payload.ts';
import { SessionRepoInput } from './repo.ts';

const Input = builder.inputType('CreateSessionInput', {
  description: 'The session that `createSession` creates. Null has the same effect as an absent field.',
  fields: (t) => ({
    project: t.string({
      required: true,
      description: 'The name of the project that will contain the session.',
    }),
    name: t.string({
      description:
        'The name of the session, a DNS label of at most 63 characters. The default is a generated name.',
    }),
    displayName: t.string({ description: 'The name for display: a single line of at most 256 characters.' }),
    initialPrompt: t.string({
      description:
        'The first message to the agent, which describes its task: at most 131,056 bytes in UTF-8, without NUL characters.',
    }),
    runnerType: t.string({
      description:
        "The `RunnerType.name` of one of `Query.runnerTypes`. The default is the type with `RunnerType.isDefault`. It is BAD_USER_INPUT if the caller can see that the project's runner Secret lacks one of `RunnerType.requiredSecretKeys`.",
    }),
    llmSettings: t.field({
      type: LlmSettingsInput,
      description: 'The settings of the language model. The default settings are those of the runner type.',
    }),
    timeoutSeconds: t.int({
      description:
        'The maximum duration of a run, in seconds: from 1 to the maximum that the administrator sets, which is 14,400 by default. The default is 300.',
    }),
    inactivityTimeoutSeconds: t.int({
      description:
        'How long a run can be without activity before the session is stopped, in seconds: at most 31,536,000, and 0 means no limit. The default is the setting of the project, or 86,400 if it has none.',
    }),
    stopOnRunFinished: t.boolean({
      description:
        'Whether the session ends when the agent has finished its task, instead of waiting for another message. The default is false.',
    }),
    repos: t.field({
      type: [SessionRepoInput],
      description: 'The git repositories that the session works on, at most 32.',
    }),
    environmentVariables: t.field({
      type: [KeyValueInput],
      description:
        'Environment variables for the runner: at most 128, with values of at most 32,768 characters, and 700,000 bytes in UTF-8 in all. Names that a run sets itself, or that change how a process loads code, are reserved, and the administrator can restrict the names for each runner type. A name that is not allowed is BAD_USER_INPUT.',
    }),
    labels: t.field({
      type: [KeyValueInput],
      description:
        'The labels of the session, at most 32. Keys with a prefix that Writ, Kubernetes or OpenShift reserves are BAD_USER_INPUT.',
    }),
    annotations: t.field({
      type: [KeyValueInput],
      description:
        'The annotations of the session: at most 32, with values of at most 16,384 characters. The same prefixes as for labels are reserved.',
    }),
    parentSession: t.string({
      description:
        'The name of a session of the same project that this session continues. It is BAD_USER_INPUT if that session does not exist, and FORBIDDEN if the caller may not get it.',
    }),
    start: t.boolean({
      defaultValue: true,
      description:
        'Whether to create a run too, which is the default. False leaves the session PENDING until `startSession`.',
    }),
    idempotencyKey: t.string({
      description:
        'A string of 1 to 256 characters that makes a repeated request safe: the same key with the same input, from the same user and in the same project, returns the session that was created first. The same key with another input fails with CONFLICT.',
    }),
  }),
});

mutation('createSession', {
  payload: sessionPayload(
    'createSession',
    'The new session, or the existing one if `idempotencyKey` was used before.',
  ),
  description:
    'Creates a session and, unless `start` is false, its first run. The caller needs permission to create agenticsessions in the project. It fails with NOT_FOUND if the project does not exist, and with CONFLICT if the name is taken. An error after the session was created names it in `extensions.session`: {id, project, name}.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The session to create.' }),
  })),
  cost: 50,
  resolve: ({ input }, context) => asPayload(createSession(context, input as CreateSessionInput)),
});
