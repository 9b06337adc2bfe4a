import { oneLine } from './one-line.ts';

/** RFC 7234, 5.5, as the API server writes it: `299 - "text"`, and possibly a date. A header can have several. */
const WARNING = /\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** What an API server warns of in an answer, such as a deprecation or a policy: each on one line of at most 500 characters. */
export function parseWarnings(header: string | string[] | undefined): string[] {
  const values = header === undefined ? [] : [header].flat();
  return values
    .flatMap((value) => [...value.matchAll(WARNING)])
    .map(([, text = '']) => oneLine(text.replace(/\\(.)/g, '$1')))
    .filter((text) => text !== '');
}
