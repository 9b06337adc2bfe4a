import { Conflict } from '../errors.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { AgenticSession, AgenticSessionStatus } from '../model/session.ts';

/** The session that a Writ's acts are on: the object that the cluster returned for the Writ's write. */
export interface ReviewedSession {
  namespace: string;
  name: string;
  uid: string;
  hasStatus: boolean;
}

export function reviewedSession({ metadata, status }: AgenticSession): ReviewedSession {
  const { name, namespace = '', uid } = metadata;
  return { name, namespace, uid, hasStatus: status !== undefined };
}

/** For `catch`: CONFLICT if a precondition failed. */
export function conflictIfPreconditionFailed(error: unknown): never {
  const isFailed = error instanceof KubernetesError && error.mayBePreconditionFailed;
  if (isFailed) throw new Conflict('The session is no longer the one that was reviewed');
  throw error;
}

/** Sets these fields of an existing status. The others belong to the runner or the controller, and stay. */
export function statusFields(status: AgenticSessionStatus): PatchOperation[] {
  return Object.entries(status).map(([field, value]) => ({ op: 'add', path: `/status/${field}`, value }));
}
