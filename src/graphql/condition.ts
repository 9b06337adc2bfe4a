import type { Condition as ConditionShape } from '../kubernetes/resources.ts';
import { builder } from './builder.ts';
import { asDateTime, asText } from './stored-value.ts';

export const Condition = builder.objectRef<Partial<ConditionShape>>('Condition').implement({
  description: "One observation of an object's state, by the Kubernetes conventions for conditions.",
  fields: (t) => ({
    type: t.string({
      description: 'What is observed, in CamelCase.',
      resolve: ({ type }) => asText(type) ?? '',
    }),
    status: t.string({
      description: '"True", "False" or "Unknown".',
      resolve: ({ status }) => asText(status) ?? 'Unknown',
    }),
    reason: t.string({
      nullable: true,
      description: 'Why, as one CamelCase word for programs.',
      resolve: ({ reason }) => asText(reason),
    }),
    message: t.string({
      nullable: true,
      description: 'Why, in words for people.',
      resolve: ({ message }) => asText(message),
    }),
    lastTransitionTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the status last changed.',
      resolve: ({ lastTransitionTime }) => asDateTime(lastTransitionTime),
    }),
  }),
});
