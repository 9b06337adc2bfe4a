import {
  type ContainerStatus as ContainerStatusShape,
  PODS,
  type Pod as PodShape,
} from '../kubernetes/resources.ts';
import { builder } from './builder.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { kubernetesNodeType } from './relay/node-type.ts';
import { asDateTime, asInt, asList, asText } from './stored-value.ts';

const ContainerStatus = builder.objectRef<ContainerStatusShape>('ContainerStatus').implement({
  description: 'What a container of a pod is doing.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Within the pod.' }),
    ready: t.exposeBoolean('ready', { description: 'Whether its readiness check passes.' }),
    restartCount: t.int({
      description: 'How often it was started again.',
      resolve: ({ restartCount }) => asInt(restartCount) ?? 0,
    }),
    state: t.string({ description: 'waiting, running or terminated.', resolve: (status) => stateOf(status) }),
    reason: t.string({
      nullable: true,
      description: 'Why it waits or ended: ImagePullBackOff, OOMKilled.',
      resolve: ({ state }) => asText(state?.waiting?.reason ?? state?.terminated?.reason),
    }),
    exitCode: t.int({
      nullable: true,
      description: 'Of a container that has ended.',
      resolve: ({ state }) => asInt(state?.terminated?.exitCode),
    }),
  }),
});

function stateOf({ state }: ContainerStatusShape): string {
  if (state?.terminated) return 'terminated';
  return state?.running ? 'running' : 'waiting';
}

export const Pod = builder.objectRef<PodShape>('Pod').implement({
  description: "Where a session's run executes.",
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({ description: 'Given by the cluster.', resolve: ({ metadata }) => metadata.name }),
    phase: t.string({
      description: 'Pending, Running, Succeeded, Failed or Unknown.',
      resolve: ({ status }) => asText(status?.phase) ?? 'Unknown',
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it is in this phase: Evicted, DeadlineExceeded.',
      resolve: ({ status }) => asText(status?.reason),
    }),
    nodeName: t.string({
      nullable: true,
      description: 'The machine it is on; null until it is scheduled.',
      resolve: ({ spec }) => asText(spec?.nodeName),
    }),
    startTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its machine took it up.',
      resolve: ({ status }) => asDateTime(status?.startTime),
    }),
    containers: t.field({
      type: [ContainerStatus],
      description: 'Empty until its machine reports.',
      resolve: ({ status }) => asList(status?.containerStatuses),
    }),
  }),
});

nodeTypes.register(
  kubernetesNodeType<PodShape>('Pod', PODS, ({ namespace, name }, { reader }) =>
    reader.find<PodShape>(PODS, namespace, name),
  ),
);
