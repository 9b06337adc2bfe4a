import { problemsOf } from '../apollo/errors.ts';

/** Whether a mutation has failed because the project would have no admin. */
export function isLastAdmin(error: unknown): boolean {
  return problemsOf(error).some(({ extensions }) => extensions.reason === 'LastAdmin');
}
