import type { Plugin } from 'graphql-yoga';
import { acceptsGzip } from '../negotiate.ts';
import { type PlaygroundOptions, renderPage } from '../playground/page.ts';
import type { TokenOrigin } from '../request-token.ts';

/**
 * Serves GraphiQL to a browser that opens the endpoint. The page is self-contained, without a CDN: its content security
 * policy forbids it to load anything. It has about 9 MB of JavaScript, so it is rendered on the first request.
 *
 * It asks for a token if it was given none, and no proxy adds one to the request for the page.
 */
export function usePlayground(options: PlaygroundOptions = {}, origin: TokenOrigin): Plugin {
  const pages = new Map<boolean, ReturnType<typeof renderPage>>();
  return {
    // Not in onRequest: Yoga responds to an error there with its stack.
    async onRequestParse({ request, fetchAPI, endResponse }) {
      if (!wantsPage(request.method, request.headers.get('accept'))) return;
      const asksForToken = options.token === undefined && !request.headers.get(origin.tokenHeader);
      const rendered = pages.get(asksForToken) ?? renderPage({ ...options, ...origin, asksForToken });
      pages.set(asksForToken, rendered);
      const { gzipped, plain, headers } = await rendered;
      const packed = acceptsGzip(request.headers.get('accept-encoding') ?? undefined);
      // A new object: a Response adds the length to the one that it gets.
      const own = { ...headers, ...(packed && { 'content-encoding': 'gzip' }) };
      endResponse(new fetchAPI.Response(packed ? gzipped : await plain(), { headers: own }));
    },
  };
}

/** Whether it is a browser's navigation, and not a script's request. */
export function wantsPage(method: string | undefined, accept: string | null | undefined): boolean {
  return method === 'GET' && accept?.includes('text/html') === true;
}
