import type { Condition as ConditionShape } from '../kubernetes/resources.ts';
import { builder } from './builder.ts';
import { asDateTime, asText } from './stored-value.ts';

export const Condition = builder.objectRef<Partial<ConditionShape>>('Condition').implement({
  description: "One aspect of an object's observed state, as in `status.conditions` of Kubernetes objects.",
  fields: (t) => ({
    type: t.string({
      description: 'The aspect that is observed, as a CamelCase name such as RunCreated.',
      resolve: ({ type }) => asText(type) ?? '',
    }),
    status: t.string({
      description: 'Whether the condition holds: True, False or Unknown.',
      resolve: ({ status }) => asText(status) ?? 'Unknown',
    }),
    reason: t.string({
      nullable: true,
      description:
        'Why the condition has this status, as one CamelCase word for programs; null if it is not given.',
      resolve: ({ reason }) => asText(reason),
    }),
    message: t.string({
      nullable: true,
      description: 'A human-readable explanation of the status; null if it is not given.',
      resolve: ({ message }) => asText(message),
    }),
    lastTransitionTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the status last changed; null if it is not known.',
      resolve: ({ lastTransitionTime }) => asDateTime(lastTransitionTime),
    }),
  }),
});
