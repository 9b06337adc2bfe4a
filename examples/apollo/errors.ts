import { CombinedGraphQLErrors } from '@apollo/client/errors';

/** The codes of an operation's errors; none for an error that is not Writ's, such as a lost connection. */
export function codesOf(error: unknown): string[] {
  if (!CombinedGraphQLErrors.is(error)) return [];
  return error.errors.map(({ extensions }) => String(extensions?.code));
}

export function hasCode(error: unknown, code: string): boolean {
  return codesOf(error).includes(code);
}

/** What is wrong with the input, by the path of its field: for `input.displayName` the path is that. */
export function fieldErrorsOf(error: unknown): Map<string, string> {
  if (!CombinedGraphQLErrors.is(error)) return new Map();
  const fields = error.errors.flatMap(
    ({ extensions }) => (extensions?.fields ?? []) as { path: string; message: string }[],
  );
  return new Map(fields.map(({ path, message }) => [path, message]));
}
