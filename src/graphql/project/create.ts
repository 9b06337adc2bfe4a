import { createProject } from '../../projects/create-project.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { projectPayload } from './payload.ts';

const Input = builder.inputType('CreateProjectInput', {
  description: 'The project that `createProject` creates. Null has the same effect as an absent field.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'The name of the project and its namespace, a DNS label of at most 63 characters. Reserved are names of the system (kube-*, openshift-*, default, writ-system), words of API paths such as api or namespaces, top-level domains, and what the administrator reserves.',
    }),
    displayName: t.string({
      description: 'The name for display: a single line of 1 to 256 characters.',
    }),
    description: t.string({ description: 'What the project is for: 1 to 4,096 characters.' }),
  }),
});

mutation('createProject', {
  payload: projectPayload('createProject', 'The new project.'),
  description:
    'Creates a project: a namespace that enforces the restricted Pod Security Standard, in which the caller is an admin and Writ has its own rights. The caller needs permission to create projectrequests.project.openshift.io, which need not be served by the cluster. It fails with CONFLICT if there is a namespace of this name, which stays as it is. If it fails later, it deletes the new namespace; an error with `extensions.project` says that it may be there still.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The project to create.' }),
  })),
  cost: 30,
  resolve: async ({ input }, context) => ({ project: await createProject(context, input) }),
});
