import type { AccessReview as AccessReviewShape } from '../authorization/reviews.ts';
import { BadUserInput } from '../errors.ts';
import { builder } from './builder.ts';

export const AccessReview = builder.objectRef<AccessReviewShape>('AccessReview').implement({
  description: "The cluster's answer to: may the caller do this? (SelfSubjectAccessReview)",
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'May be a few seconds old.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: "The cluster's words, where it gives any.",
    }),
  }),
});

/** The longest name in Kubernetes. */
const MAX_ATTRIBUTE_LENGTH = 253;

/** Rejects empty arguments, which RBAC reads as "all", and those that are too long for any name: BAD_USER_INPUT. */
export function assertReviewArguments(
  required: Record<string, string>,
  optional: Record<string, string | null | undefined> = {},
): void {
  const empty = Object.entries(required).filter(([, value]) => value.trim() === '');
  const long = Object.entries({ ...required, ...optional }).filter(
    ([, value]) => value && value.length > MAX_ATTRIBUTE_LENGTH,
  );
  const wrong = [
    ...empty.map(([path]) => ({ path, message: 'must not be empty' })),
    ...long.map(([path]) => ({ path, message: `must have at most ${MAX_ATTRIBUTE_LENGTH} characters` })),
  ];
  if (wrong.length > 0) throw new BadUserInput(wrong);
}
