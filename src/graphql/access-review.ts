import { BadUserInput } from '../errors.ts';
import type { AccessReview as AccessReviewShape } from '../kubernetes/access-review.ts';
import { builder } from './builder.ts';

export const AccessReview = builder.objectRef<AccessReviewShape>('AccessReview').implement({
  description: "The cluster's decision on whether the caller may do something (SelfSubjectAccessReview).",
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', {
      description:
        'Whether the caller may do it. The decision can be up to 10 seconds old, and a denial up to 5 seconds.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'The reason that the cluster gives for its decision; null if it gives none.',
    }),
  }),
});

/** The maximum length of a name in Kubernetes. */
const MAX_ATTRIBUTE_LENGTH = 253;

/** Rejects empty required arguments, which RBAC reads as "all", and arguments longer than any name: BAD_USER_INPUT. */
export function assertReviewArguments(
  required: Record<string, string>,
  optional: Record<string, string | null | undefined> = {},
): void {
  const empty = Object.entries(required).filter(([, value]) => value.trim() === '');
  const long = Object.entries({ ...required, ...optional }).filter(
    ([, value]) => value && value.length > MAX_ATTRIBUTE_LENGTH,
  );
  const fields = [
    ...empty.map(([path]) => ({ path, message: 'must not be empty' })),
    ...long.map(([path]) => ({ path, message: `must have at most ${MAX_ATTRIBUTE_LENGTH} characters` })),
  ];
  if (fields.length > 0) throw new BadUserInput(fields);
}
