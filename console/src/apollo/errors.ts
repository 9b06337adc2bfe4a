import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { fieldErrorsOf } from '../../../examples/apollo/errors.ts';

export { codesOf, hasCode } from '../../../examples/apollo/errors.ts';

/** What is wrong with the fields of a mutation's input, by their paths in it. */
export function inputErrorsOf(error: unknown): Map<string, string> {
  return new Map([...fieldErrorsOf(error)].map(([path, message]) => [path.replace(/^input\./, ''), message]));
}

/** One error as the console shows it. */
export interface Problem {
  /** As docs/errors.md lists them; NETWORK if Writ has not answered. */
  code: string;
  message: string;
  path: string | undefined;
  extensions: Readonly<Record<string, unknown>>;
}

export function problemsOf(error: unknown): Problem[] {
  if (error === undefined || error === null) return [];
  if (!CombinedGraphQLErrors.is(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ code: 'NETWORK', message, path: undefined, extensions: {} }];
  }
  return error.errors.map(({ message, path, extensions = {} }) => ({
    code: String(extensions.code),
    message,
    path: path?.join('.'),
    extensions,
  }));
}

/** The problems of one field of an operation, by its path such as `project.members`, and of what is below it. */
export function problemsAt(error: unknown, path: string): Problem[] {
  return problemsOf(error).filter(
    (problem) => problem.path === undefined || problem.path === path || problem.path.startsWith(`${path}.`),
  );
}
