import type { RunnerType as Shape } from '../model/run-template.ts';
import { builder } from './builder.ts';

const RunnerType = builder.objectRef<Shape>('RunnerType').implement({
  description:
    'A kind of runner that a session can choose, as the administrator of the cluster has configured it.',
  fields: (t) => ({
    name: t.exposeString('id', {
      description: 'The value for `runnerType` of `createSession`, unique among runner types.',
    }),
    displayName: t.exposeString('displayName', { description: 'The name of the runner type for display.' }),
    provider: t.exposeString('provider', { description: 'The provider of its models, such as anthropic.' }),
    models: t.exposeStringList('models', {
      description: 'The names of the models that a session of this type can choose.',
    }),
    defaultModel: t.exposeString('defaultModel', {
      description: 'The model of a session that chooses none.',
    }),
    requiredSecretKeys: t.exposeStringList('requiredSecretKeys', {
      description:
        "The keys that the project's runner Secret must have. Without them a run of this type does not start.",
    }),
    isDefault: t.boolean({
      description: 'Whether this is the runner type of a session that chooses none.',
      resolve: ({ id }, _, { runners }) => id === runners.template.defaultRunnerType,
    }),
  }),
});

builder.queryField('runnerTypes', (t) =>
  t.field({
    type: [RunnerType],
    description:
      'The runner types that the administrator of the cluster has configured. Every authenticated caller may read them.',
    resolve: (_, __, { runners }) => runners.template.runnerTypes,
  }),
);
