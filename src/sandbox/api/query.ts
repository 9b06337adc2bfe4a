import { badRequest } from '../status.ts';

/** A parameter that is a whole number; 0 if it is missing, 400 if it is anything else. */
export function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) || '0';
  if (!/^\d+$/.test(text)) throw badRequest(`invalid ${name}: ${JSON.stringify(text)}`);
  return Number(text);
}
