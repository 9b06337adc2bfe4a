import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';

/** The privileged writes. Each is a method of the Writ, and there is no other way to perform it. */
export type Act =
  | 'createSession'
  | 'setDesiredPhase'
  | 'stopScheduled'
  | 'updateSessionStatus'
  | 'createRunObject'
  | 'mintRunToken'
  | 'storeRunToken'
  | 'deleteJob';

/** What a mutation writes: an existing session, or without a name a new session in the namespace. */
export interface Target {
  namespace: string;
  name?: string;
}

interface Grant {
  /** Whose rights are reviewed: the caller's, with their own token, or those of the owner of the schedule that calls. */
  of: 'caller' | 'owner';
  /** The attributes that are reviewed. */
  review(target: Target): ResourceAttributes;
  /** The acts that the review permits, on the reviewed session and its children. */
  acts: readonly Act[];
}

const { group, resource } = AGENTIC_SESSIONS;
const RUN_ACTS = ['updateSessionStatus', 'createRunObject', 'mintRunToken', 'storeRunToken'] as const;

function grant(review: Grant['review'], acts: readonly Act[], of: Grant['of'] = 'caller'): Readonly<Grant> {
  return Object.freeze({ of, review, acts: Object.freeze([...acts]) });
}

function createAttributes({ namespace }: Target): ResourceAttributes {
  return { verb: 'create', group, resource, namespace };
}

function updateAttributes({ namespace, name }: Target): ResourceAttributes {
  if (name === undefined) throw new TypeError('an update needs the name of a session');
  return { verb: 'update', group, resource, namespace, name };
}

/** The privileged mutations. A mutation without a row gets no Writ, and so cannot perform a privileged act. */
export const GRANTS = Object.freeze({
  createSession: grant(createAttributes, ['createSession', ...RUN_ACTS]),
  /** The source is read as the user; the review is of the new session's namespace. */
  cloneSession: grant(createAttributes, ['createSession', ...RUN_ACTS]),
  startSession: grant(updateAttributes, ['setDesiredPhase', ...RUN_ACTS]),
  stopSession: grant(updateAttributes, ['setDesiredPhase', 'deleteJob', 'updateSessionStatus']),
  /** A tick of a schedule. */
  runScheduledSession: grant(createAttributes, ['createSession', ...RUN_ACTS], 'owner'),
  /** Stops a session of the schedule, which the tick's takes the place of. The controller ends its run. */
  replaceScheduledSession: grant(updateAttributes, ['stopScheduled'], 'owner'),
});

export type GrantName = keyof typeof GRANTS;
export type OwnerGrantName = Extract<GrantName, 'runScheduledSession' | 'replaceScheduledSession'>;
