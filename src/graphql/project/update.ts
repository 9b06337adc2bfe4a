import { updateProject } from '../../projects/update-project.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { projectPayload } from './payload.ts';

const Input = builder.inputType('UpdateProjectInput', {
  description: 'The changes to a project. An absent field stays unchanged, and null clears a field.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name of the project.' }),
    resourceVersion: t.string({
      description:
        'The expected `Project.resourceVersion`; the mutation fails with CONFLICT if the project has another one. If it is absent, any version is accepted.',
    }),
    displayName: t.string({ description: 'The name for display: a single line of 1 to 256 characters.' }),
    description: t.string({ description: 'What the project is for: 1 to 4,096 characters.' }),
  }),
});

mutation('updateProject', {
  payload: projectPayload('updateProject', 'The project after the change.'),
  description:
    'Changes what a project says about itself. The caller needs permission to get the namespace, and to update projectsettings in it. It fails with NOT_FOUND if there is no such project, and with CONFLICT if another namespace takes its name at the same moment.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The project and its changes.' }),
  })),
  cost: 20,
  resolve: async ({ input }, context) => ({ project: await updateProject(context, input) }),
});
