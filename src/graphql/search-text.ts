/**
 * The form in which texts are searched: whatever their case, and however their characters are encoded. An accented letter
 * can be one character or two (https://unicode.org/reports/tr15/), and both look the same. Upper case, because some letters
 * have more than one lower case.
 */
export function searchable(text: string): string {
  return text.normalize('NFKC').toUpperCase();
}

/** The text to search for, without the spaces around it, which come along when a text is copied. Empty: nothing. */
export function searchOf(given: string | null | undefined): string {
  return searchable(given ?? '').trim();
}
