import { BadUserInput } from '../errors.ts';

/** In text that a user has stored, V8 takes quadratic time to find one of more than 250 characters, and all others wait. */
const MAX_LENGTH = 200;

/** A text to search for, in lower case; empty if there is none. Errors: BadUserInput, with the path of the argument. */
export function parseSearchedText(text: string | null | undefined, path: string): string {
  const searched = text?.toLowerCase() ?? '';
  if (searched.length <= MAX_LENGTH) return searched;
  throw new BadUserInput([{ path, message: `must have at most ${MAX_LENGTH} characters` }]);
}
