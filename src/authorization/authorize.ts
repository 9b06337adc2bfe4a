import type { Credential } from '../kubernetes/connection/credential.ts';
import { inParallel } from '../kubernetes/in-parallel.ts';
import { SentCalls } from '../kubernetes/sent-calls.ts';
import { forbidden } from '../kubernetes/status-mapping.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { ISSUER } from './act-performer.ts';
import { BackendCluster } from './backend-cluster.ts';
import { type CallerGrantName, GRANTS, type Target } from './grants.ts';
import { reviewAccess, reviewUser, type Subject } from './reviews.ts';
import { Writ } from './writ.ts';
import type { ActRecord } from './writ-terms.ts';

export interface AuthorizeOptions {
  /** The backend's connections to the cluster. Users' calls must not share them. */
  transport: ClusterTransport;
  credential: Credential;
  /** The maximum age of a review when the first act starts, in ms. It is capped at 5,000. */
  maxAgeMs?: number;
  audit: (record: ActRecord) => void;
}

/** Issues a Writ. FORBIDDEN (verb, resource, namespace) if the cluster denies it; no Writ either if a review fails. */
export type Authorize = (user: UserCluster, grant: CallerGrantName, target: Target) => Promise<Writ>;

/** Two reviews with the user's own token: who the user is, and whether the user may do what the grant reviews. */
export function createAuthorize(options: AuthorizeOptions): Authorize {
  const backend = new BackendCluster(options.transport, options.credential);
  const maxAgeMs = Math.min(options.maxAgeMs ?? 5_000, 5_000);

  return async function authorize(user, grant, requested) {
    // Frozen copies: what is reviewed cannot change during the review or afterwards.
    const target = Object.freeze({ ...requested });
    if (GRANTS[grant].of !== 'caller') throw new TypeError(`the grant ${grant} is not the caller's`);
    const reviewed = Object.freeze(GRANTS[grant].review(target));
    const reviewedAt = performance.now();
    const reviewedOn = new Date();
    const calls = new SentCalls();
    const asked = user.observedBy(calls);
    // At once: both are about the same token, and the Writ is issued when both have been answered.
    const [{ subject: reported, extra }, review] = await inParallel(
      reviewUser(asked),
      reviewAccess(asked, reviewed, 'mutation'),
    );
    const subject = freezeSubject(reported);
    if (!review.allowed) throw forbidden(reviewed, review.reason);
    const { audit } = options;
    const { scope } = user;
    return new Writ(ISSUER, {
      grant,
      target,
      subject,
      extra: Object.freeze(structuredClone(extra)),
      reviewed,
      reviewedAt,
      reviewedOn,
      calls,
      scope,
      backend,
      maxAgeMs,
      audit,
    });
  };
}

export function freezeSubject({ username, uid, groups }: Subject): Subject {
  const subject = { username, uid, groups };
  return Object.freeze({ ...subject, groups: Object.freeze([...subject.groups]) as string[] });
}
