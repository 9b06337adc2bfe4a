import { forbidden } from '../errors.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { BackendCluster, type BackendCredential } from './backend-cluster.ts';
import { GRANTS, type GrantName, type Target } from './grants.ts';
import { reviewAccess, reviewSubject } from './reviews.ts';
import { type ActRecord, ISSUER, Writ } from './writ.ts';

export interface AuthorityOptions {
  /** The way to the cluster as the backend. It must share nothing with the users' way but the server. */
  transport: ClusterTransport;
  credential: BackendCredential;
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

  return async function authorize(user, grant, target) {
    const reviewed = GRANTS[grant].review(target);
    const reviewedAt = performance.now();
    const subject = await reviewSubject(user);
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
