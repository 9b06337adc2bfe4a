import { type CreateSessionInput, createSession } from '../../sessions/create-session.ts';
import { builder } from '../builder.ts';
import { KeyValueInput } from '../key-value.ts';
import { mutation } from '../mutation.ts';
import { LlmSettingsInput } from './llm-settings.ts';
import { asPayload, sessionPayload } from './payload.ts';
import { SessionRepoInput } from './repo.ts';

const Input = builder.inputType('CreateSessionInput', {
  description: 'A session to create. What is absent has the default of the cluster.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    name: t.string({ description: 'A DNS label. Omitted: a generated name.' }),
    displayName: t.string({ description: 'For people: one line, at most 256 characters.' }),
    initialPrompt: t.string({ description: 'What the agent is asked to do: at most 131,072 characters.' }),
    runnerType: t.string({ description: 'Which runner works on it. Omitted: the default of the cluster.' }),
    llmSettings: t.field({ type: LlmSettingsInput, description: "Omitted: the runner's defaults." }),
    timeoutSeconds: t.int({ description: 'How long a run may take. Omitted: 300.' }),
    inactivityTimeoutSeconds: t.int({ description: 'How long a run may do nothing; 0: for ever.' }),
    stopOnRunFinished: t.boolean({ description: 'Whether the session stops when the agent has answered.' }),
    repos: t.field({ type: [SessionRepoInput], description: 'What it works on.' }),
    environmentVariables: t.field({
      type: [KeyValueInput],
      description: "Of the runner's process. Names that runs set themselves are refused.",
    }),
    labels: t.field({ type: [KeyValueInput], description: 'Reserved prefixes are refused.' }),
    annotations: t.field({ type: [KeyValueInput], description: 'Reserved prefixes are refused.' }),
    parentSession: t.string({ description: 'The name of a session of the project that it goes on from.' }),
    start: t.boolean({
      defaultValue: true,
      description: 'Creates the run too (the default); false leaves the session Pending until it is started.',
    }),
    idempotencyKey: t.string({
      description:
        'The same key and input from the same user within a project: the same session, created once. The same key with another input: CONFLICT.',
    }),
  }),
});

mutation('createSession', {
  payload: sessionPayload('createSession', 'The session as it was created.'),
  description:
    'Creates a session and, unless start is false, its run, if the caller may create agenticsessions in the project. An error after the session was created names it in extensions.session: {id, project, name}.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The session to create.' }),
  })),
  cost: 50,
  resolve: ({ input }, context) => asPayload(createSession(context, input as CreateSessionInput)),
});
