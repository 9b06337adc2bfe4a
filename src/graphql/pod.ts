import {
  type ContainerStatus as ContainerStatusShape,
  PODS,
  type Pod as PodShape,
} from '../kubernetes/resources.ts';
import { runOf } from '../sessions/run/run-objects.ts';
import { builder } from './builder.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { kubernetesNodeType } from './relay/node-type.ts';
import { asDateTime, asInt, asList, asText } from './stored-value.ts';

const ContainerStatus = builder.objectRef<ContainerStatusShape>('ContainerStatus').implement({
  description: 'The state of one container of a pod.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the container, unique within its pod.' }),
    ready: t.exposeBoolean('ready', { description: 'Whether the container passes its readiness probe.' }),
    restartCount: t.int({
      description: 'The number of times that the container was restarted.',
      resolve: ({ restartCount }) => asInt(restartCount) ?? 0,
    }),
    state: t.string({
      description: 'The current state: waiting, running or terminated.',
      resolve: (status) => stateOf(status),
    }),
    reason: t.string({
      nullable: true,
      description:
        'Why the container is waiting or was terminated, such as ImagePullBackOff or OOMKilled; null if no reason is given.',
      resolve: ({ state }) => asText(state?.waiting?.reason ?? state?.terminated?.reason),
    }),
    exitCode: t.int({
      nullable: true,
      description: 'The exit code of the container; null unless it is terminated.',
      resolve: ({ state }) => asInt(state?.terminated?.exitCode),
    }),
  }),
});

function stateOf({ state }: ContainerStatusShape): string {
  if (state?.terminated) return 'terminated';
  return state?.running ? 'running' : 'waiting';
}

export const Pod = builder.objectRef<PodShape>('Pod').implement({
  description: 'A Kubernetes Pod in which a run of a session executes.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({
      description: 'The name of the pod, which the cluster generates.',
      resolve: ({ metadata }) => metadata.name,
    }),
    run: t.int({
      nullable: true,
      description: 'The number of the run: 1 for the first. Null if this is not the pod of a run.',
      resolve: (pod) => runOf(pod) ?? null,
    }),
    podPhase: t.string({
      description:
        'The phase of the pod: Pending, Running, Succeeded, Failed or Unknown. It is not called `phase`, which on a session has another type.',
      resolve: ({ status }) => asText(status?.phase) ?? 'Unknown',
    }),
    reason: t.string({
      nullable: true,
      description: 'Why the pod is in this phase, such as Evicted; null if it is not given.',
      resolve: ({ status }) => asText(status?.reason),
    }),
    nodeName: t.string({
      nullable: true,
      description: 'The node of the cluster that the pod is scheduled to; null until it is scheduled.',
      resolve: ({ spec }) => asText(spec?.nodeName),
    }),
    startTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the kubelet of its node acknowledged the pod; null until then.',
      resolve: ({ status }) => asDateTime(status?.startTime),
    }),
    containers: t.field({
      type: [ContainerStatus],
      description: 'Its containers, without init containers. Empty until the kubelet reports their state.',
      resolve: ({ status }) => asList(status?.containerStatuses),
    }),
    initContainers: t.field({
      type: [ContainerStatus],
      description:
        'Its init containers, which a cluster can add to the pods of runs. They run before the other containers, or beside them if they are restarted whenever they end. Empty until the kubelet reports their state.',
      resolve: ({ status }) => asList(status?.initContainerStatuses),
    }),
  }),
});

nodeTypes.register(kubernetesNodeType<PodShape>('Pod', PODS));
