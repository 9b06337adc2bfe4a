import { type UpdateSessionInput, updateSession } from '../../sessions/update-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { LlmSettingsInput } from './llm-settings.ts';
import { asPayload, sessionPayload } from './payload.ts';

const Input = builder.inputType('UpdateSessionInput', {
  description: 'The changes to a session. An absent field stays unchanged, and null clears a field.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project that contains the session.' }),
    name: t.string({ required: true, description: 'The name of the session.' }),
    resourceVersion: t.string({
      description:
        'The expected `AgenticSession.resourceVersion`; the mutation fails with CONFLICT if the session has another one. If it is absent, any version is accepted.',
    }),
    displayName: t.string({ description: 'The name for display: a single line of at most 256 characters.' }),
    initialPrompt: t.string({
      description:
        'The first message to the agent, which describes its task: at most 131,056 bytes in UTF-8, without NUL characters.',
    }),
    llmSettings: t.field({
      type: LlmSettingsInput,
      description: 'The settings of the language model. The same rule holds for each of its fields.',
    }),
    timeoutSeconds: t.int({
      description:
        'The maximum duration of a run, in seconds: from 1 to the maximum that the administrator sets, which is 14,400 by default. Null resets it to 300.',
    }),
  }),
});

mutation('updateSession', {
  payload: sessionPayload('updateSession', 'The session after the change.'),
  description:
    'Changes a session. The caller needs permission to get and patch the session. It fails with NOT_FOUND if there is no such session, and with CONFLICT if a run is active, unless `displayName` is the only change, or if the session is being deleted.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The session and its changes.' }),
  })),
  cost: 10,
  resolve: ({ input }, { user, runners }) =>
    asPayload(updateSession(user, runners.template, input as UpdateSessionInput)),
});
