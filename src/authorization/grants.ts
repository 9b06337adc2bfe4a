import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';

/** What the backend's service account may do at all: each is a method of the Writ, and there is no other way to it. */
export type Act =
  | 'createSession'
  | 'setDesiredPhase'
  | 'updateSessionStatus'
  | 'createRunObject'
  | 'mintRunToken'
  | 'storeRunToken'
  | 'deleteJob';

/** What a mutation is about to touch. */
export interface Target {
  namespace: string;
  name?: string;
}

export interface Grant {
  /** The question that the cluster is asked with the user's own token. */
  review(target: Target): ResourceAttributes;
  /** What an allowed review entitles to, on the reviewed object and on children that it controls. */
  acts: readonly Act[];
}

const { group, resource } = AGENTIC_SESSIONS;
const RUN_ACTS = ['updateSessionStatus', 'createRunObject', 'mintRunToken', 'storeRunToken'] as const;

function grant(review: Grant['review'], acts: readonly Act[]): Readonly<Grant> {
  return Object.freeze({ review, acts: Object.freeze([...acts]) });
}

function mayCreate({ namespace }: Target): ResourceAttributes {
  return { verb: 'create', group, resource, namespace };
}

function mayUpdate({ namespace, name }: Target): ResourceAttributes {
  if (name === undefined) throw new TypeError('an update is of a named session');
  return { verb: 'update', group, resource, namespace, name };
}

/** Every privileged mutation, a row each. A mutation that is not here has no Writ and so no privileged act. */
export const GRANTS = Object.freeze({
  createSession: grant(mayCreate, ['createSession', ...RUN_ACTS]),
  /** The source is read as the user; the target's namespace is the one that is reviewed. */
  cloneSession: grant(mayCreate, ['createSession', ...RUN_ACTS]),
  startSession: grant(mayUpdate, ['setDesiredPhase', ...RUN_ACTS]),
  stopSession: grant(mayUpdate, ['setDesiredPhase', 'deleteJob', 'updateSessionStatus']),
});

export type GrantName = keyof typeof GRANTS;
