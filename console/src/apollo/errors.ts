import { CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client/errors';
import { errors as text } from '../text/errors.ts';

export { codesOf, fieldErrorsOf, hasCode } from '../../../examples/apollo/errors.ts';

/** A request has got no answer, or a connection was lost. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** One error as the console shows it. */
export interface Problem {
  /** As docs/errors.md lists them; NETWORK if nothing has answered, HTTP if it was no answer to GraphQL. */
  code: string;
  message: string;
  path: string | undefined;
  extensions: Readonly<Record<string, unknown>>;
}

export function problemsOf(error: unknown): Problem[] {
  if (error === undefined || error === null) return [];
  if (!CombinedGraphQLErrors.is(error)) return [otherProblem(error)];
  return error.errors.map(({ message, path, extensions = {} }) => ({
    code: String(extensions.code),
    message,
    path: path?.join('.'),
    extensions,
  }));
}

function otherProblem(error: unknown): Problem {
  const problem = { path: undefined, extensions: {} };
  if (ServerError.is(error) || ServerParseError.is(error)) {
    const { statusCode } = error;
    return { ...problem, code: 'HTTP', message: text.status(statusCode) };
  }
  const code = error instanceof Unreachable ? 'NETWORK' : 'OTHER';
  return { ...problem, code, message: error instanceof Error ? error.message : String(error) };
}

/** The problems of one field of an operation, by its path such as `project.members`, and of what is below it. */
export function problemsAt(error: unknown, path: string): Problem[] {
  return problemsOf(error).filter(
    (problem) => problem.path === undefined || problem.path === path || problem.path.startsWith(`${path}.`),
  );
}
