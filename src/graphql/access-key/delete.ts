import { deleteAccessKey } from '../../members/keys/delete-access-key.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { encodeNodeId } from '../relay/node-id.ts';
import { ACCESS_KEY } from './type.ts';

const Payload = builder.objectRef<{ deletedId: string }>('DeleteAccessKeyPayload').implement({
  description: 'The result of the mutation `deleteAccessKey`.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The global id of the deleted key, for removing it from a client cache.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
});

mutation('deleteAccessKey', {
  payload: Payload,
  description:
    'Deletes an access key with the own rights of the caller. Its role ends at once; API servers can accept its token, without the role, for about 10 seconds more. It fails with NOT_FOUND if there is no such key.',
  args: builder.args((t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    name: t.string({ required: true, description: 'The name of the key.' }),
  })),
  cost: 15,
  resolve: async ({ project, name }, { user }) => ({
    deletedId: encodeNodeId({ typename: ACCESS_KEY, ...(await deleteAccessKey(user, project, name)) }),
  }),
});
