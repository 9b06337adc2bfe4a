import { type CloneSessionInput, cloneSession } from '../../sessions/clone-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { asPayload, sessionPayload } from './payload.ts';

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

mutation('cloneSession', {
  payload: sessionPayload('cloneSession', 'The new session.'),
  description:
    'Creates a session like one that the caller may read, if the caller may create agenticsessions in the target project. Origin, owners, status and reserved metadata are not copied.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The source and the target.' }),
  })),
  cost: 50,
  resolve: ({ input }, context) => asPayload(cloneSession(context, input as CloneSessionInput)),
});
