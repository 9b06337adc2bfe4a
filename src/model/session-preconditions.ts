import { annotationPath, type PatchOperation } from '../kubernetes/json-patch.ts';
import { DESIRED_PHASE, START_REQUESTED_AT, STOP_REQUESTED_AT } from './labels-and-annotations.ts';
import type { AgenticSession } from './session.ts';

/** What the latest start and stop are known by. A runner cannot change annotations. */
const REQUESTS = [DESIRED_PHASE, START_REQUESTED_AT, STOP_REQUESTED_AT];

/**
 * Preconditions of a JSON patch: the session is still the one that was read (UID), is being deleted or not as it was then,
 * and no start or stop was requested since. Not its resourceVersion: its runner and the controller write its status all the
 * time, and a session that is busy could not be stopped. In a JSON patch of Kubernetes, a missing field equals null.
 */
export function sameSession({ metadata }: AgenticSession): PatchOperation[] {
  const { uid, deletionTimestamp, annotations } = metadata;
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/deletionTimestamp', value: deletionTimestamp ?? null },
    ...(annotations
      ? REQUESTS.map((key) => test(annotationPath(key), annotations[key]))
      : [test('/metadata/annotations', undefined)]),
  ];
}

/** Precondition of a write that was decided by the phase in the session's status. */
export function samePhase({ status }: AgenticSession): PatchOperation[] {
  return [status ? test('/status/phase', status.phase) : test('/status', undefined)];
}

function test(path: string, value: unknown): PatchOperation {
  return { op: 'test', path, value: value ?? null };
}
