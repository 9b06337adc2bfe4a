import { Forbidden, Unavailable } from '../errors.ts';
import { observedReview } from '../kubernetes/access-review.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { describeAttributes } from '../kubernetes/resource-attributes.ts';
import { observedScope } from '../kubernetes/scope.ts';
import { SentCalls } from '../kubernetes/sent-calls.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { ownerProblem } from '../model/schedule-owner.ts';
import { ISSUER } from './act-performer.ts';
import { type AuthorizeOptions, freezeSubject } from './authorize.ts';
import { BackendCluster } from './backend-cluster.ts';
import { CallingSchedule, identifySchedule } from './calling-schedule.ts';
import { GRANTS, type OwnerGrantName } from './grants.ts';
import { Writ } from './writ.ts';

export interface ScheduleAuthority {
  /** The schedule that calls. FORBIDDEN for any other caller. */
  identify: typeof identifySchedule;
  /**
   * Issues a Writ in the name of the schedule's owner. FORBIDDEN if the owner's record is malformed or too old, or the cluster
   * does not allow the owner what the grant reviews; no Writ either if the review fails.
   *
   * @param session the name of the session to write; absent for a new one
   */
  authorizeOwner(
    user: UserCluster,
    schedule: CallingSchedule,
    grant: OwnerGrantName,
    session?: string,
  ): Promise<Writ>;
}

/**
 * The one review that is not of the caller (docs/adr/0017-review-of-a-schedules-owner.md): a schedule acts in the name of its
 * owner, whose token nobody keeps. Whom to review is in the proof that the schedule itself calls, and in no argument.
 */
export function createScheduleAuthority(
  options: AuthorizeOptions & { ownerMaxAgeDays: number },
): ScheduleAuthority {
  const { transport, credential, audit, ownerMaxAgeDays } = options;
  const backend = new BackendCluster(transport, credential);
  const maxAgeMs = Math.min(options.maxAgeMs ?? 5_000, 5_000);

  return { identify: identifySchedule, authorizeOwner };

  async function authorizeOwner(
    user: UserCluster,
    schedule: CallingSchedule,
    grant: OwnerGrantName,
    session?: string,
  ): Promise<Writ> {
    const { owner, namespace, username: calledBy } = CallingSchedule.termsOf(schedule, user);
    const { of, review } = GRANTS[grant];
    if (of !== 'owner') throw new TypeError(`the grant ${grant} is not an owner's`);
    const target = Object.freeze({ namespace, ...(session !== undefined && { name: session }) });
    const reviewed = Object.freeze({ ...review(target), namespace });
    const problem = ownerProblem(owner, ownerMaxAgeDays, Date.now());
    if (problem || !owner) throw new Forbidden(`${problem}: its last editor must edit the schedule again`);
    const reviewedAt = performance.now();
    const reviewedOn = new Date();
    const calls = new SentCalls();
    const { scope } = user;
    const asked = observedScope(scope, calls);
    const { allowed } = await observedReview(asked, 'owner', () =>
      backend.reviewOwner(asked, owner, reviewed),
    ).catch(unavailableIfForbidden);
    if (!allowed) {
      const what = describeAttributes(reviewed);
      throw new Forbidden(`The owner of the scheduled session may not ${what}`, { ...reviewed });
    }
    return new Writ(ISSUER, {
      grant,
      target,
      subject: freezeSubject(owner),
      reviewed,
      calledBy,
      reviewedAt,
      reviewedOn,
      calls,
      scope,
      backend,
      maxAgeMs,
      audit,
    });
  }
}

/** Then Writ lacks a right in the project, and nothing is known of the owner's. */
function unavailableIfForbidden(error: unknown): never {
  if (!(error instanceof KubernetesError && error.statusCode === 403)) throw error;
  throw new Unavailable(
    "Writ may not review the owner's rights: is the namespace a project?",
    {},
    {
      cause: error,
    },
  );
}
