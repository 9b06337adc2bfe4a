import type { AccessReview as Review } from '../../kubernetes/access-review.ts';
import type { ResourceAttributes } from '../../kubernetes/resource-attributes.ts';
import { builder } from '../builder.ts';
import { AccessGrant } from './grant.ts';
import { AccessRemedy } from './remedy.ts';

/** A decision, and what was asked. */
interface AccessReviewShape extends Review {
  attributes: ResourceAttributes;
}

/** The cost of up to two lists and some roles. */
const GRANT_COST = { field: 20 };

export const AccessReview = builder.objectRef<AccessReviewShape>('AccessReview').implement({
  description: "The cluster's decision on whether the caller may do something (SelfSubjectAccessReview).",
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', {
      description:
        'Whether the caller may do it. The decision can be up to 10 seconds old, and a denial up to 5 seconds.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'The reason that the cluster gives for its decision, on one line of at most 2,000 characters; null if it gives none. It is the text of an authorizer, for people to read.',
    }),
    because: t.field({
      type: AccessGrant,
      nullable: true,
      description:
        'The binding and the rule of Kubernetes RBAC that allow it, read with the token of the caller. Of several the one in the namespace. Null if it is not allowed, if another authorizer allows it, or if the caller may not read the binding, which is no error here: `reason` can then say which one it is. Null also if the caller has more than 50 roles there.',
      complexity: GRANT_COST,
      resolve: ({ allowed, reason, attributes }, _, { loaders, subject: user }) =>
        allowed ? loaders.grants.find({ user, attributes, reason }) : null,
    }),
    remedy: t.field({
      type: AccessRemedy,
      nullable: true,
      description: 'What it would take to be allowed to do it; null if it is allowed.',
      resolve: ({ allowed, attributes }) => (allowed ? null : { attributes }),
    }),
  }),
});
