import { BadUserInput } from '../errors.ts';

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
