import { BadUserInput } from '../errors.ts';
import {
  EVENTS,
  JOBS,
  type Job,
  type KubernetesEvent,
  type ObjectMeta,
  PODS,
  type Pod,
} from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { decodeNodeId, type NodeId, type NodeKind, nodeIdOf } from './node-id.ts';
import { viewerNodeId } from './viewer-id.ts';

/** Any object with a global id: the cluster's own objects know their kind, the viewer has none. */
export type NodeShape = { kind?: string; metadata: ObjectMeta } | Context['subject'];

const TYPES_OF_KINDS: Record<string, NodeKind> = {
  Namespace: 'Project',
  AgenticSession: 'AgenticSession',
  Job: 'Job',
  Pod: 'Pod',
  Event: 'KubernetesEvent',
};

export const Node = builder.interfaceRef<NodeShape>('Node').implement({
  description: 'An object with a global id, by which a client cache knows it again (Relay).',
  resolveType: (object) => ('metadata' in object ? TYPES_OF_KINDS[object.kind ?? ''] : 'Viewer'),
  fields: (t) => ({
    id: t.id({
      description: 'Of kind, namespace, name and uid: an object made anew under the same name has another.',
      resolve: (object) => {
        if (!('metadata' in object)) return viewerNodeId(object);
        return nodeIdOf(TYPES_OF_KINDS[object.kind ?? ''] ?? 'AgenticSession', object.metadata);
      },
    }),
  }),
});

const MAX_IDS = 100;

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'The object with this id; null where it is not there any more.',
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    complexity: { field: 5 },
    resolve: (_, { id }, context) => findNode(decodeNodeId(id, 'id'), context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `The objects with these ids, in their order, null for each that is not there. At most ${MAX_IDS}.`,
    args: { ids: t.arg.idList({ required: true, description: 'Global ids.' }) },
    complexity: ({ ids }) => ({ field: 5 * ids.length, multiplier: Math.max(ids.length, 1) }),
    resolve: (_, { ids }, context) => {
      if (ids.length > MAX_IDS)
        throw new BadUserInput([{ path: 'ids', message: `must be at most ${MAX_IDS}` }]);
      const nodeIds = ids.map((id, index) => decodeNodeId(id, `ids.${index}`));
      // One that may not be seen must not blank the others.
      return nodeIds.map((nodeId) => findNode(nodeId, context));
    },
  }),
}));

async function findNode(nodeId: NodeId, context: Context): Promise<NodeShape | null> {
  if (nodeId.kind === 'Viewer') {
    return viewerNodeId(context.subject) === viewerNodeId({ username: nodeId.name, uid: nodeId.uid })
      ? context.subject
      : null;
  }
  const object = await readNode(nodeId, context);
  return object?.metadata?.uid === nodeId.uid ? object : null;
}

function readNode({ kind, namespace, name }: NodeId, { user, loaders }: Context) {
  switch (kind) {
    case 'Project':
      return loaders.projects.load(name);
    case 'AgenticSession':
      return loaders.sessions.load({ namespace, name });
    case 'Job':
      return findIn<Job>(user, JOBS, namespace, name);
    case 'Pod':
      return findIn<Pod>(user, PODS, namespace, name);
    default:
      return findIn<KubernetesEvent>(user, EVENTS, namespace, name);
  }
}

function findIn<T extends Job | Pod | KubernetesEvent>(
  user: UserCluster,
  type: typeof JOBS,
  namespace: string,
  name: string,
): Promise<T | null> {
  return user.find<T>(type, namespace, name);
}
