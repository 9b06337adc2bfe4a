import type { RunnerSecret } from '../../settings/runner-secret.ts';
import { type UpdateRunnerSecretsInput, updateRunnerSecrets } from '../../settings/update-runner-secrets.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';

const RunnerSecretInput = builder.inputType('RunnerSecretInput', {
  description: 'A key of the runner Secret with its new value.',
  fields: (t) => ({
    key: t.string({
      required: true,
      description:
        'The name of the environment variable: at most 253 letters, digits and underscores, not beginning with a digit.',
    }),
    value: t.string({
      required: true,
      description:
        'The value: at most 65,536 bytes in UTF-8, without NUL characters. This API never returns it.',
    }),
  }),
});

const Input = builder.inputType('UpdateRunnerSecretsInput', {
  description:
    'The changes to the runner Secret of a project. A key that is neither set nor removed stays unchanged.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    resourceVersion: t.string({
      description:
        'The expected `Project.runnerSecretsResourceVersion`; the mutation fails with CONFLICT if the Secret has another one, or does not exist. If it is absent, any version is accepted.',
    }),
    set: t.field({
      type: [RunnerSecretInput],
      description:
        'The keys that get a new value: at most 256, each of them once. All keys and values of the Secret can have 524,288 bytes together.',
    }),
    remove: t.stringList({
      description:
        'The keys that are removed: at most 256. One that the Secret does not have is no error; one that is also set is BAD_USER_INPUT.',
    }),
  }),
});

const Payload = builder.objectRef<{ secret: RunnerSecret | null }>('UpdateRunnerSecretsPayload').implement({
  description: 'The result of the mutation `updateRunnerSecrets`. It has no values.',
  fields: (t) => ({
    runnerSecretKeys: t.stringList({
      nullable: true,
      description:
        'The keys of the Secret after the change, in alphabetical order; null if there is no Secret because nothing was set.',
      resolve: ({ secret }) => secret?.keys ?? null,
    }),
    resourceVersion: t.string({
      nullable: true,
      description: 'The version of the Secret after the change; null if there is none.',
      resolve: ({ secret }) => secret?.resourceVersion ?? null,
    }),
  }),
});

mutation('updateRunnerSecrets', {
  payload: Payload,
  description:
    "Sets and removes keys of the Secret that `ProjectSettings.runnerSecretsName` names, with the caller's own permissions, and creates it if there is none. The caller needs permission to get the namespace and projectsettings, and to get and patch or create the Secret. It fails with NOT_FOUND if there is no such project, with CONFLICT if the Secret changes at the same moment, and with BAD_USER_INPUT if its type is not Opaque or the administrator does not allow its name. No error contains a value.",
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The project and its changes.' }),
  })),
  cost: 20,
  resolve: async ({ input }, context) => ({
    secret: await updateRunnerSecrets(context, input as UpdateRunnerSecretsInput),
  }),
});
