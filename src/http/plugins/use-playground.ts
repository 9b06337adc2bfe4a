import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';

export interface PlaygroundOptions {
  /** Opened as tabs, the first in front. */
  operations?: readonly PlaygroundOperation[];
  /** Filled into the header editor. For the sandbox alone: it is in the page for whoever asks. */
  token?: string;
}

export interface PlaygroundOperation {
  query: string;
  variables?: Record<string, unknown>;
}

interface Page {
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

/** Sent with the playground's requests: where nothing asks for it, it does no harm. */
const EXTRA_HEADERS = { 'x-writ-csrf': 'playground' };

/**
 * GraphiQL, for a browser that opens the endpoint. All of it is in the page, which the browser is told to load
 * nothing into: no CDN. It is some 9 MB of JavaScript, so it is read when first asked for.
 */
export function usePlayground(options: PlaygroundOptions = {}): Plugin {
  let page: Promise<Page> | undefined;
  return {
    // Not in onRequest, whose errors Yoga answers with their stack.
    async onRequestParse({ request, fetchAPI, endResponse }) {
      if (!wantsPage(request.method, request.headers.get('accept'))) return;
      page ??= renderPage(options);
      const { body, headers } = await page;
      endResponse(new fetchAPI.Response(body, { headers }));
    },
  };
}

/** A browser's navigation, in contrast to a script's request. */
export function wantsPage(method: string | undefined, accept: string | null | undefined): boolean {
  return method === 'GET' && accept?.includes('text/html') === true;
}

const MARK = '__WRIT_OPTIONS__';

async function renderPage({ operations = [], token }: PlaygroundOptions): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers = token === undefined ? '{}' : JSON.stringify({ authorization: `Bearer ${token}` }, null, 2);
  const given = {
    title: 'Writ',
    headers,
    shouldPersistHeaders: token !== undefined,
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: 'headers',
    additionalHeaders: EXTRA_HEADERS,
    credentials: 'same-origin',
    defaultTabs: operations.map(({ query, variables }) => ({
      query,
      headers,
      ...(variables && { variables: JSON.stringify(variables, null, 2) }),
    })),
  };
  // It writes options into the script as they are; `</script>` in one of them would end it.
  const html = renderGraphiQL({ title: 'Writ', defaultQuery: MARK }).replace(
    JSON.stringify({ title: 'Writ', defaultQuery: MARK }),
    () => JSON.stringify(given).replaceAll('<', '\\u003c'),
  );
  return {
    body: new Uint8Array(await promisify(gzip)(html)),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'content-security-policy': contentSecurityPolicy(html),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
  };
}

/** This page's one script by its hash, its workers from blobs, and requests to Writ: nothing else. */
function contentSecurityPolicy(html: string): string {
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    'worker-src blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
