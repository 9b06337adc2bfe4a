import type { AgenticSession as Shape } from '../../kubernetes/resources.ts';
import { type UpdateSessionInput, updateSession } from '../../sessions/update-session.ts';
import { builder } from '../builder.ts';
import { LlmSettingsInput } from './inputs.ts';
import { AgenticSession } from './type.ts';

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

const Payload = builder.objectRef<{ session: Shape }>('UpdateSessionPayload').implement({
  description: 'What updateSession answers.',
  fields: (t) => ({ session: t.expose('session', { type: AgenticSession, description: 'As it is now.' }) }),
});

builder.mutationField('updateSession', (t) =>
  t.field({
    type: Payload,
    description: "Changes a session, by the caller's own right to patch it. CONFLICT while it runs.",
    args: { input: t.arg({ type: Input, required: true, description: 'The changes.' }) },
    complexity: { field: 10 },
    resolve: async (_, { input }, context) => {
      context.refreshLoaders();
      return { session: await updateSession(context.user, context.runTemplate, input as UpdateSessionInput) };
    },
  }),
);
