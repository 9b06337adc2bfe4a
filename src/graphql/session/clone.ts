import type { AgenticSession as Shape } from '../../kubernetes/resources.ts';
import { type CloneSessionInput, cloneSession } from '../../sessions/clone-session.ts';
import { builder } from '../builder.ts';
import { namingSession } from './failed-session.ts';
import { AgenticSession } from './type.ts';

const Input = builder.inputType('CloneSessionInput', {
  description: 'A session to create like another, in the same or another project.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The project of the source.' }),
    name: t.string({ required: true, description: 'The name of the source.' }),
    targetProject: t.string({ required: true, description: 'The project of the new session.' }),
    targetName: t.string({ description: 'A DNS label. Omitted: a generated name.' }),
    displayName: t.string({ description: "Omitted: the source's." }),
    start: t.boolean({ defaultValue: false, description: 'Creates the run too.' }),
  }),
});

const Payload = builder.objectRef<{ session: Shape }>('CloneSessionPayload').implement({
  description: 'What cloneSession answers.',
  fields: (t) => ({
    session: t.expose('session', { type: AgenticSession, description: 'The new session.' }),
  }),
});

builder.mutationField('cloneSession', (t) =>
  t.field({
    type: Payload,
    description:
      'Creates a session like one that the caller may read, if the caller may create agenticsessions in the target. Origin, owners, status and reserved metadata are not taken along.',
    args: { input: t.arg({ type: Input, required: true, description: 'Source and target.' }) },
    complexity: { field: 50 },
    resolve: async (_, { input }, context) => {
      context.refreshLoaders();
      return { session: await namingSession(cloneSession(context, input as CloneSessionInput)) };
    },
  }),
);
