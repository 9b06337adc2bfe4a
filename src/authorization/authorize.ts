import { forbidden } from '../kubernetes/status-mapping.ts';
import type { ClusterTransport, Credential } from '../kubernetes/transport.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { BackendCluster } from './backend-cluster.ts';
import { GRANTS, type GrantName, type Target } from './grants.ts';
import { reviewAccess, reviewSubject, type Subject } from './reviews.ts';
import { ISSUER, Writ } from './writ.ts';
import type { ActRecord } from './writ-terms.ts';

export interface AuthorityOptions {
  /** The way to the cluster as the backend. It must share nothing with the users' way but the server. */
  transport: ClusterTransport;
  credential: Credential;
  /** How old a review may be when the first act starts, in ms. Never more than 5,000. */
  maxAgeMs?: number;
  audit: (record: ActRecord) => void;
}

/** FORBIDDEN (verb, resource, namespace) where the cluster says no; any error of a review is a refusal too. */
export type Authorize = (user: UserCluster, grant: GrantName, target: Target) => Promise<Writ>;

/** Asks the cluster, with the user's own token, who this is and whether the grant's review is allowed. */
export function createAuthorize(options: AuthorityOptions): Authorize {
  const backend = new BackendCluster(options.transport, options.credential);
  const maxAgeMs = Math.min(options.maxAgeMs ?? 5_000, 5_000);

  return async function authorize(user, grant, given) {
    // Copies, frozen: what was reviewed can't be changed while the cluster answers, nor afterwards.
    const target = Object.freeze({ ...given });
    const reviewed = Object.freeze(GRANTS[grant].review(target));
    const reviewedAt = performance.now();
    const subject = frozen(await reviewSubject(user));
    const review = await reviewAccess(user, reviewed);
    if (!review.allowed) throw forbidden(reviewed);
    const { audit } = options;
    const { scope } = user;
    return new Writ(ISSUER, {
      grant,
      target,
      subject,
      reviewed,
      reviewedAt,
      scope,
      backend,
      maxAgeMs,
      audit,
    });
  };
}

function frozen(subject: Subject): Subject {
  return Object.freeze({ ...subject, groups: Object.freeze([...subject.groups]) as string[] });
}
