import { Conflict } from '../errors.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { AgenticSession, AgenticSessionStatus } from '../model/session.ts';

/** The session that a Writ was issued for, as the cluster answered when it was created. */
export interface ReviewedSession {
  namespace: string;
  name: string;
  uid: string;
  /** Its resourceVersion when it was seen to have no status. */
  withoutStatusAt?: string;
}

export function reviewedSession({ metadata, status }: AgenticSession): ReviewedSession {
  const { name, namespace = '', uid, resourceVersion } = metadata;
  return { name, namespace, uid, ...(status === undefined && { withoutStatusAt: resourceVersion }) };
}

/** 422: a test of a JSON patch failed, or a field of it is not there. */
export function isRefusedTest(error: unknown): boolean {
  return error instanceof KubernetesError && (error.statusCode === 422 || error.statusCode === 409);
}

export function refusedTest(error: unknown): never {
  if (isRefusedTest(error)) throw new Conflict('The session is not the one that was reviewed any more');
  throw error;
}

/** Sets the fields and leaves the others, which are the runner's or the controller's. There must be a status already. */
export function statusFields(status: AgenticSessionStatus): PatchOperation[] {
  return Object.entries(status).map(([field, value]) => ({ op: 'add', path: `/status/${field}`, value }));
}
