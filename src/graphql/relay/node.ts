import { BadUserInput } from '../../errors.ts';
import { builder, ONE_CALL } from '../builder.ts';
import type { Context } from '../context.ts';
import { type NodeId, parseNodeId } from './node-id.ts';
import { NodeTypes } from './node-type.ts';

/** Filled while the schema is built. */
export const nodeTypes = new NodeTypes();

export const Node = builder.interfaceRef<object>('Node').implement({
  description:
    'An object with a global id, by which client caches identify it, as the Relay specification defines it.',
  resolveType: (object) => nodeTypes.typeOf(object).typename,
  fields: (t) => ({
    id: t.id({
      description:
        'The global id, an opaque string that is built from type, namespace, name and UID. An object that is deleted and created again with the same name has another id.',
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
      'The object with this global id; null if it no longer exists. It fails with BAD_USER_INPUT if the string is not an id of this API.',
    args: { id: t.arg.id({ required: true, description: 'The global id of the object.' }) },
    complexity: ONE_CALL,
    resolve: (_, { id }, context) => findNode(decodeNodeId(id, 'id'), context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'The objects with these global ids, in the same order, with null for each that no longer exists. An object that the caller may not read is null with an error of its own, and so is a string that is not an id of this API (BAD_USER_INPUT).',
    args: {
      ids: t.arg.idList({
        required: true,
        description: `The global ids of the objects, at most ${MAX_IDS}.`,
      }),
    },
    complexity: ({ ids }) => ({ field: ONE_CALL.field * ids.length, multiplier: Math.max(ids.length, 1) }),
    resolve: (_, { ids }, context) => {
      if (ids.length > MAX_IDS)
        throw new BadUserInput([{ path: 'ids', message: `must have at most ${MAX_IDS} ids` }]);
      // Promises of their own: the failure of one object leaves the others readable.
      return ids.map(async (id, index) => findNode(decodeNodeId(id, `ids.${index}`), context));
    },
  }),
}));

/** BAD_USER_INPUT if the text is not an id that this API can have returned. */
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
