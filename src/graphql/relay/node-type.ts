import { isDnsLabel, isDnsSubdomain } from '../../kubernetes/path.ts';
import type { AnyObject } from '../../kubernetes/reader.ts';
import type { ResourceType } from '../../kubernetes/resources.ts';
import type { Context } from '../context.ts';
import { encodeNodeId, type NodeId } from './node-id.ts';

/** How a GraphQL type is identified and loaded. */
export interface NodeType<T extends object = object> {
  /** The GraphQL type's name, which is part of each id. */
  typename: string;
  /** Whether an object that a resolver returned is of this type. */
  isTypeOf(object: object): boolean;
  idOf(object: T): Omit<NodeId, 'typename'>;
  /** Whether an object with this id can exist. If not, the id is rejected before a path is built from it. */
  canExist(id: NodeId): boolean;
  /** The object with this id, read as the caller; null if it does not exist. Its UID is compared afterwards. */
  load(id: NodeId, context: Context): Promise<T | null>;
}

/** The node type of a Kubernetes resource: its ids consist of namespace, name and UID. */
export function kubernetesNodeType<T extends AnyObject>(
  typename: string,
  type: ResourceType,
  load: NodeType<T>['load'] = ({ namespace, name }, { loaders }) =>
    loaders.find<T>(type, { namespace, name }),
): NodeType<T> {
  const { kind, namespaced } = type;
  return {
    typename,
    isTypeOf: (object) => 'kind' in object && object.kind === kind,
    idOf: ({ metadata: { namespace = '', name = '', uid = '' } }) => ({ namespace, name, uid }),
    canExist: ({ namespace, name }) =>
      namespaced ? isDnsLabel(namespace) && isDnsSubdomain(name) : namespace === '' && isDnsLabel(name),
    load,
  };
}

/** The types of the schema that implement Node. Each is registered beside its definition. */
export class NodeTypes {
  readonly #types = new Map<string, NodeType>();

  register<T extends object>(type: NodeType<T>): void {
    if (this.#types.has(type.typename)) throw new TypeError(`${type.typename} is already registered`);
    this.#types.set(type.typename, type as NodeType);
  }

  find(typename: string): NodeType | undefined {
    return this.#types.get(typename);
  }

  /** The type of an object that a resolver returned. Throws if no registered type matches it. */
  typeOf(object: object): NodeType {
    for (const type of this.#types.values()) if (type.isTypeOf(object)) return type;
    throw new TypeError(`no Node type is registered for this object: ${describe(object)}`);
  }

  /** The global id of an object. Throws if its type is not registered. */
  idOf(object: object): string {
    const type = this.typeOf(object);
    return encodeNodeId({ typename: type.typename, ...type.idOf(object) });
  }
}

function describe(object: object): string {
  return 'kind' in object && typeof object.kind === 'string' ? object.kind : Object.keys(object).join(', ');
}
