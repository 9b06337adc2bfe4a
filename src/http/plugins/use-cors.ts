import type { Plugin } from 'graphql-yoga';
import type { HttpContext } from '../request-state.ts';

interface CorsOptions {
  /** Exact origins, as a browser sends them. */
  origins: readonly string[];
  /** Headers that pages may send, besides those that they always may. */
  headers?: readonly string[];
}

/** How long a browser may cache the response to a preflight, in seconds. */
const MAX_AGE_SECONDS = 600;

/** Those of Writ, and what Apollo clients and tracing libraries add to each request: without them it could not be sent. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'x-writ-csrf',
  'apollographql-client-name',
  'apollographql-client-version',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];

/**
 * CORS for these origins and no others, without credentials. Yoga's own plugin responds to other origins with
 * `Access-Control-Allow-Origin: null`, which sandboxed frames match.
 */
export function useCors({ origins, headers = [] }: CorsOptions): Plugin<object, HttpContext> {
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(
        `A CORS origin has a scheme, host and port, such as https://ui.example.com: got "${origin}"`,
      );
    }
  }
  return {
    onRequest({ request, serverContext: { res }, fetchAPI, endResponse }) {
      const origin = request.headers.get('origin');
      res.appendHeader('Vary', 'Origin');
      if (origin === null || !origins.includes(origin)) return;
      res.setHeader('Access-Control-Allow-Origin', origin);
      res.setHeader('Access-Control-Expose-Headers', 'x-request-id, www-authenticate, retry-after');
      if (request.method !== 'OPTIONS') return;
      res.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      res.setHeader('Access-Control-Allow-Headers', [...ALLOWED_HEADERS, ...headers].join(', '));
      res.setHeader('Access-Control-Max-Age', String(MAX_AGE_SECONDS));
      endResponse(new fetchAPI.Response(null, { status: 204 }));
    },
  };
}
