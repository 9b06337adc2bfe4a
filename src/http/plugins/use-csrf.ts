import type { Plugin } from 'graphql-yoga';
import { Forbidden } from '../../errors.ts';

export interface CsrfOptions {
  header?: string;
}

/**
 * Where a proxy authenticates the browser, a foreign page's request would carry the user's authority. A header
 * that only same-origin (or CORS-approved) script can set proves that it does not come from one: asked of every
 * operation, GET and event streams included.
 */
export function useCsrf({ header = 'x-writ-csrf' }: CsrfOptions = {}): Plugin {
  return {
    onRequestParse({ request }) {
      if (!request.headers.get(header)) {
        throw new Forbidden(`Send the header ${header} with any value`);
      }
    },
  };
}
