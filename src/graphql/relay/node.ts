import { BadUserInput } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { type NodeId, parseNodeId } from './node-id.ts';
import { NodeTypes } from './node-type.ts';

/** Filled while the schema is built. */
export const nodeTypes = new NodeTypes();

export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object with a global id, by which client caches identify it (Relay).',
  resolveType: (object) => nodeTypes.typeOf(object).typename,
  fields: (t) => ({
    id: t.id({
      description:
        'Made of type, namespace, name and UID: an object that was created anew under the same name has another id.',
      resolve: (object) => nodeTypes.idOf(object),
    }),
  }),
});

const MAX_IDS = 100;

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description:
      'The object with this id; null if it does not exist any more. BAD_USER_INPUT if it is not an id of this API.',
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    complexity: { field: 5 },
    resolve: (_, { id }, context) => findNode(decodeNodeId(id, 'id'), context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `The objects with these ids, in their order, with null for each that does not exist. At most ${MAX_IDS}.`,
    args: { ids: t.arg.idList({ required: true, description: 'Global ids.' }) },
    complexity: ({ ids }) => ({ field: 5 * ids.length, multiplier: Math.max(ids.length, 1) }),
    resolve: (_, { ids }, context) => {
      if (ids.length > MAX_IDS)
        throw new BadUserInput([{ path: 'ids', message: `must be at most ${MAX_IDS}` }]);
      const nodeIds = ids.map((id, index) => decodeNodeId(id, `ids.${index}`));
      // An object that the caller may not read leaves the others readable.
      return nodeIds.map((nodeId) => findNode(nodeId, context));
    },
  }),
}));

/** BAD_USER_INPUT if it is not an id that Writ can have given out. */
function decodeNodeId(id: string, path: string): NodeId {
  const nodeId = parseNodeId(id);
  const type = nodeId && nodeTypes.find(nodeId.typename);
  if (nodeId && nodeId.cluster === undefined && type?.canExist(nodeId)) return nodeId;
  throw new BadUserInput([{ path, message: 'is not an id of this API' }]);
}

async function findNode(nodeId: NodeId, context: Context): Promise<object | null> {
  const type = nodeTypes.find(nodeId.typename);
  const object = (await type?.load(nodeId, context)) ?? null;
  return object && type?.idOf(object).uid === nodeId.uid ? object : null;
}
