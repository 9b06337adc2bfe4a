import type { RunnerType as Shape } from '../model/run-template.ts';
import { builder } from './builder.ts';

const RunnerType = builder.objectRef<Shape>('RunnerType').implement({
  description:
    'A kind of runner that sessions can ask for, as the operator of the cluster has configured it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Give it as runnerType.' }),
    displayName: t.exposeString('displayName', { description: 'For people.' }),
    provider: t.exposeString('provider', { description: 'Whose models it uses.' }),
    models: t.exposeStringList('models', { description: 'The models that a session may ask for.' }),
    defaultModel: t.exposeString('defaultModel', { description: 'Used where a session asks for none.' }),
    requiredSecretKeys: t.exposeStringList('requiredSecretKeys', {
      description: "Keys that the project's runner Secret must have.",
    }),
    isDefault: t.boolean({
      description: 'Whether it is used where a session asks for none.',
      resolve: ({ id }, _, { runners }) => id === runners.template.defaultRunnerType,
    }),
  }),
});

builder.queryField('runnerTypes', (t) =>
  t.field({
    type: [RunnerType],
    description: 'The runner types of this cluster.',
    resolve: (_, __, { runners }) => runners.template.runnerTypes,
  }),
);
