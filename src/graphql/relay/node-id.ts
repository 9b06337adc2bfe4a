/** The parts of a global id. An object with the same name and another UID is another object. */
export interface NodeId {
  /** The GraphQL type. */
  typename: string;
  /** '' for cluster-scoped objects. */
  namespace: string;
  name: string;
  uid: string;
  /** Reserved for an API in front of several clusters. Absent: the one cluster that Writ serves. */
  cluster?: string;
}

export function encodeNodeId({ typename, namespace, name, uid, cluster }: NodeId): string {
  const parts = [typename, namespace, name, uid, ...(cluster === undefined ? [] : [cluster])];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Undefined if the text is not an id as {@link encodeNodeId} builds it. */
export function parseNodeId(id: string): NodeId | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return undefined;
  if (parts.length !== 4 && parts.length !== 5) return undefined;
  const [typename, namespace, name, uid, cluster] = parts as [string, string, string, string, string?];
  const nodeId = { typename, namespace, name, uid, ...(cluster !== undefined && { cluster }) };
  return encodeNodeId(nodeId) === id ? nodeId : undefined;
}
