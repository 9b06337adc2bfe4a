import type { ResourceAttributes } from '../errors.ts';
import { AGENTIC_SESSIONS } from '../kubernetes/resources.ts';

/** What the backend's service account may do at all: each is a method of the Writ, and there is no other way to it. */
export type Act =
  | 'createSession'
  | 'updateSessionStatus'
  | 'createRunObject'
  | 'mintRunToken'
  | 'storeRunToken';

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

function grant(row: Grant): Readonly<Grant> {
  return Object.freeze({ ...row, acts: Object.freeze([...row.acts]) });
}

/** Every privileged mutation, a row each. A mutation that is not here has no Writ and so no privileged act. */
export const GRANTS = Object.freeze({
  createSession: grant({
    review: ({ namespace }) => ({ verb: 'create', group, resource, namespace }),
    acts: ['createSession', 'updateSessionStatus', 'createRunObject', 'mintRunToken', 'storeRunToken'],
  }),
});

export type GrantName = keyof typeof GRANTS;
