import type { Plugin } from 'graphql-yoga';
import { Forbidden } from '../../errors.ts';

const HEADER = 'x-writ-csrf';

/**
 * Requires a header that only scripts of the same origin, or of an origin that CORS allows, can set: if a proxy
 * authenticates the browser, another site's page could otherwise send requests with the user's authority. It applies to
 * every operation, including GET and event streams.
 */
export function useCsrf(): Plugin {
  return {
    onRequestParse({ request }) {
      if (!request.headers.get(HEADER)) {
        throw new Forbidden(`The header ${HEADER} is required, with any value`);
      }
    },
  };
}
