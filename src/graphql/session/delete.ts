import { deleteSession } from '../../sessions/delete-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { nodeTypes } from '../relay/node.ts';
import { sessionArgs } from './arguments.ts';

const Payload = builder.objectRef<{ deletedId: string }>('DeleteSessionPayload').implement({
  description: 'The result of deleteSession.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The id of the session, for removing it from a client cache.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
});

mutation('deleteSession', {
  payload: Payload,
  description:
    "Deletes a session and everything that its runs have created, with the caller's own right to delete it.",
  args: sessionArgs,
  cost: 10,
  resolve: async ({ project, name }, { user }) => ({
    deletedId: nodeTypes.idOf(await deleteSession(user, project, name)),
  }),
});
