import type { Job, Pod } from '../../src/kubernetes/resources.ts';
import type { AgenticSession } from '../../src/model/session.ts';

/** Parts of stored objects: a tenant may have written values of any type. */
export type Fields = Record<string, unknown>;

export const SESSION_UID = '6f1b6d2e-1c1d-4a0e-9a63-0d6a5f0c1a11';
const CREATED = '2026-03-01T10:00:00Z';

export function session(parts: { metadata?: Fields; spec?: unknown; status?: unknown } = {}): AgenticSession {
  return {
    apiVersion: 'vteam.ambient-code/v1alpha1',
    kind: 'AgenticSession',
    ...parts,
    metadata: {
      namespace: 'demo',
      name: 'fix-cart',
      uid: SESSION_UID,
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: CREATED,
      ...parts.metadata,
    },
  } as AgenticSession;
}

export function job({ metadata, status }: { metadata?: Fields; status?: Fields } = {}): Job {
  return {
    metadata: {
      namespace: 'demo',
      name: `session-${SESSION_UID}-1`,
      uid: 'job-uid',
      resourceVersion: '8',
      creationTimestamp: CREATED,
      ...metadata,
    },
    ...(status && { status }),
  } as Job;
}

/** A pod that the Job controls. */
export function pod(status: Fields | undefined, metadata: Fields = {}, owner: Job = job()): Pod {
  const { name, uid } = owner.metadata;
  return {
    metadata: {
      namespace: 'demo',
      name: `${name}-x7k2p`,
      uid: 'pod-uid',
      resourceVersion: '9',
      creationTimestamp: CREATED,
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true }],
      ...metadata,
    },
    ...(status && { status }),
  } as Pod;
}

/** A container's status with this state. */
export function container(state: Fields, lastState: Fields = {}): Fields {
  return { name: 'runner', image: 'i', imageID: '', ready: false, restartCount: 0, state, lastState };
}
