import { JOBS, type Job as JobShape } from '../kubernetes/resources.ts';
import { parseRunName } from '../sessions/run/run-objects.ts';
import { builder } from './builder.ts';
import { Condition } from './condition.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { kubernetesNodeType } from './relay/node-type.ts';
import { asDateTime, asInt, asList } from './stored-value.ts';

export const Job = builder.objectRef<JobShape>('Job').implement({
  description:
    'The Kubernetes Job (batch/v1) of one run of a session. A Job belongs to a session if it has the label `ambient-code.io/session-uid` and the session is its controlling owner.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({
      description:
        'The name of the Job. Writ builds it from the UID of the session and the number of the run.',
      resolve: ({ metadata }) => metadata.name,
    }),
    run: t.int({
      nullable: true,
      description: 'The number of the run: 1 for the first. Null if this is not the Job of a run.',
      resolve: ({ metadata }) => parseRunName(metadata.name)?.number ?? null,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the Job was created.',
      resolve: ({ metadata }) => metadata.creationTimestamp,
    }),
    startTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the Job controller of the cluster began to process the Job; null until then.',
      resolve: ({ status }) => asDateTime(status?.startTime),
    }),
    completionTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the Job completed successfully; null if it has not finished, or has failed.',
      resolve: ({ status }) => asDateTime(status?.completionTime),
    }),
    active: t.int({
      description: 'The number of its pods that are pending or running.',
      resolve: ({ status }) => asInt(status?.active) ?? 0,
    }),
    succeeded: t.int({
      description: 'The number of its pods that succeeded.',
      resolve: ({ status }) => asInt(status?.succeeded) ?? 0,
    }),
    failed: t.int({
      description: 'The number of its pods that failed.',
      resolve: ({ status }) => asInt(status?.failed) ?? 0,
    }),
    conditions: t.field({
      type: [Condition],
      description: 'The conditions of the Job, such as Complete and Failed.',
      resolve: ({ status }) => asList(status?.conditions),
    }),
  }),
});

nodeTypes.register(kubernetesNodeType<JobShape>('Job', JOBS));
