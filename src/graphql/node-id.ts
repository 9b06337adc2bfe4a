import { BadUserInput } from '../errors.ts';
import { isDnsLabel, parseName } from '../kubernetes/path.ts';
import type { ObjectMeta } from '../kubernetes/resources.ts';

/** The GraphQL types that are Nodes. */
export const NODE_KINDS = ['Viewer', 'Project', 'AgenticSession', 'Job', 'Pod', 'KubernetesEvent'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** What a global id says. With another uid under the same name it is another object. */
export interface NodeId {
  kind: NodeKind;
  namespace: string;
  name: string;
  uid: string;
}

export function encodeNodeId({ kind, namespace, name, uid }: NodeId): string {
  return Buffer.from(JSON.stringify([kind, namespace, name, uid])).toString('base64url');
}

export function nodeIdOf(kind: NodeKind, metadata: ObjectMeta): string {
  return encodeNodeId({
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
  });
}

/** BAD_USER_INPUT where it is no id that Writ gave. */
export function decodeNodeId(id: string, path: string): NodeId {
  try {
    const parts: unknown = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 4 && parts.every((part) => typeof part === 'string')) {
      const [kind, namespace, name, uid] = parts as [NodeKind, string, string, string];
      const nodeId = { kind, namespace, name, uid };
      if (NODE_KINDS.includes(kind) && encodeNodeId(nodeId) === id && canExist(nodeId)) return nodeId;
    }
  } catch {
    // Neither JSON nor a name: said below.
  }
  throw new BadUserInput([{ path, message: 'is not an id of this API' }]);
}

/** Throws or says no where the cluster can't have such an object, before a path is made of it. */
function canExist({ kind, namespace, name }: NodeId): boolean {
  if (kind === 'Viewer') return true;
  if (kind === 'Project') return namespace === '' && isDnsLabel(name);
  return isDnsLabel(namespace) && parseName(name, 'name') === name;
}
