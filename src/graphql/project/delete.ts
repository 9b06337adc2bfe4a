import { deleteProject } from '../../projects/delete-project.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { nodeTypes } from '../relay/node.ts';

const Payload = builder.objectRef<{ deletedId: string }>('DeleteProjectPayload').implement({
  description: 'The result of the mutation `deleteProject`.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The global id of the deleted project, for removing it from a client cache.',
      resolve: ({ deletedId }) => deletedId,
    }),
  }),
});

mutation('deleteProject', {
  payload: Payload,
  description:
    'Deletes a project with all that its namespace contains, whether or not Writ has created it. The cluster takes some time for it, in which `Project.projectPhase` is TERMINATING; deleting such a project again has no effect. The caller needs permission to get and to delete the namespace. It fails with NOT_FOUND if there is no such project, and with CONFLICT if the project is changed or replaced at the same moment.',
  args: builder.args((t) => ({
    name: t.string({ required: true, description: 'The name of the project.' }),
  })),
  cost: 20,
  resolve: async ({ name }, context) => ({ deletedId: nodeTypes.idOf(await deleteProject(context, name)) }),
});
