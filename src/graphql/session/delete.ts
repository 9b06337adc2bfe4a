import { deleteSession } from '../../sessions/delete-session.ts';
import { builder } from '../builder.ts';
import { nodeIdOf } from '../node-id.ts';

const Payload = builder.objectRef<{ deletedId: string }>('DeleteSessionPayload').implement({
  description: 'What deleteSession answers.',
  fields: (t) => ({ deletedId: t.exposeID('deletedId', { description: 'The id that the session had.' }) }),
});

builder.mutationField('deleteSession', (t) =>
  t.field({
    type: Payload,
    description: "Deletes a session and all that its runs made, by the caller's own right to delete it.",
    args: {
      project: t.arg.string({ required: true, description: 'The name of its project.' }),
      name: t.arg.string({ required: true, description: 'Its name.' }),
    },
    complexity: { field: 10 },
    resolve: async (_, { project, name }, context) => {
      context.refreshLoaders();
      const session = await deleteSession(context.user, project, name);
      return { deletedId: nodeIdOf('AgenticSession', session.metadata) };
    },
  }),
);
