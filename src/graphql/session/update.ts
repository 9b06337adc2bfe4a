import { type UpdateSessionInput, updateSession } from '../../sessions/update-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { LlmSettingsInput } from './llm-settings.ts';
import { asPayload, sessionPayload } from './payload.ts';

const Input = builder.inputType('UpdateSessionInput', {
  description: 'What to change of a session. Absent: unchanged. null: cleared.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of its project.' }),
    name: t.string({ required: true, description: 'Its name.' }),
    resourceVersion: t.string({ description: 'Change it only if it still has this version, else CONFLICT.' }),
    displayName: t.string({ description: 'For people: one line, at most 256 characters.' }),
    initialPrompt: t.string({ description: 'What the agent is asked to do: at most 131,072 characters.' }),
    llmSettings: t.field({
      type: LlmSettingsInput,
      description: 'Its fields, too: absent unchanged, null cleared.',
    }),
    timeoutSeconds: t.int({ description: 'How long a run may take.' }),
  }),
});

mutation('updateSession', {
  payload: sessionPayload('updateSession', 'The session after the change.'),
  description: "Changes a session with the caller's own right to patch it. CONFLICT while the session runs.",
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The changes.' }),
  })),
  cost: 10,
  resolve: ({ input }, { user, runners }) =>
    asPayload(updateSession(user, runners.template, input as UpdateSessionInput)),
});
