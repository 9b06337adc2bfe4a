import { JOBS, type Job as JobShape } from '../kubernetes/resources.ts';
import { builder } from './builder.ts';
import { Condition } from './condition.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { kubernetesNodeType } from './relay/node-type.ts';
import { asDateTime, asInt, asList } from './stored-value.ts';

export const Job = builder.objectRef<JobShape>('Job').implement({
  description: "A run of a session (batch/v1 Job). It is the session's by its controlling owner's UID.",
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({
      description: 'Made from the UID of the session.',
      resolve: ({ metadata }) => metadata.name,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the run was asked for.',
      resolve: ({ metadata }) => metadata.creationTimestamp,
    }),
    startTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the cluster took it up.',
      resolve: ({ status }) => asDateTime(status?.startTime),
    }),
    completionTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it succeeded; null for one that failed.',
      resolve: ({ status }) => asDateTime(status?.completionTime),
    }),
    active: t.int({
      description: 'Pods pending or running.',
      resolve: ({ status }) => asInt(status?.active) ?? 0,
    }),
    succeeded: t.int({
      description: 'Pods that succeeded.',
      resolve: ({ status }) => asInt(status?.succeeded) ?? 0,
    }),
    failed: t.int({ description: 'Pods that failed.', resolve: ({ status }) => asInt(status?.failed) ?? 0 }),
    conditions: t.field({
      type: [Condition],
      description: 'Such as Complete and Failed, with their reasons.',
      resolve: ({ status }) => asList(status?.conditions),
    }),
  }),
});

nodeTypes.register(
  kubernetesNodeType<JobShape>('Job', JOBS, ({ namespace, name }, { reader }) =>
    reader.find<JobShape>(JOBS, namespace, name),
  ),
);
