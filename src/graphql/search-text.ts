import { BadUserInput } from '../errors.ts';

/**
 * The form in which texts are searched: whatever their case, and however their characters are encoded. An accented letter
 * can be one character or two (https://unicode.org/reports/tr15/), and both look the same. Upper case, because some letters
 * have more than one lower case.
 */
export function searchable(text: string): string {
  return text.normalize('NFKC').toUpperCase();
}

/** In text that a user has stored, V8 takes quadratic time to find one of more than 250 characters, and all others wait. */
const MAX_LENGTH = 200;

/**
 * The text to search for, without the spaces around it, which come along when a text is copied. Empty: nothing.
 * BadUserInput with the path of the argument if it is too long.
 */
export function searchOf(given: string | null | undefined, path: string): string {
  const text = searchable(given ?? '').trim();
  if (text.length <= MAX_LENGTH) return text;
  throw new BadUserInput([{ path, message: `must have at most ${MAX_LENGTH} characters` }]);
}
