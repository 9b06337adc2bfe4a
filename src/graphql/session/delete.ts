import { deleteSession } from '../../sessions/delete-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { nodeTypes } from '../relay/node.ts';
import { sessionArgs } from './arguments.ts';

const Payload = builder.objectRef<{ deletedId: string }>('DeleteSessionPayload').implement({
  description: 'The result of the mutation `deleteSession`.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The global id of the deleted session, for removing it from a client cache.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
});

mutation('deleteSession', {
  payload: Payload,
  description:
    'Deletes a session; Kubernetes then deletes the Jobs and other objects of its runs. The caller needs permission to get and delete the session. It fails with NOT_FOUND if there is no such session, and with CONFLICT if another session takes its name at the same moment.',
  args: sessionArgs,
  cost: 10,
  resolve: async ({ project, name }, { user }) => ({
    deletedId: nodeTypes.idOf(await deleteSession(user, project, name)),
  }),
});
