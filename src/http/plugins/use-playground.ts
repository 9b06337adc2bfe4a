import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';

export interface PlaygroundOptions {
  /** Opened as tabs; the first is selected. */
  operations?: readonly PlaygroundOperation[];
  /** Prefilled in the header editor. Only for the sandbox: anyone can read it in the page. */
  token?: string;
  /** The header that has the token. */
  tokenHeader?: string;
}

export interface PlaygroundOperation {
  query: string;
  variables?: Record<string, unknown>;
}

interface Page {
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

/** Sent with the playground's requests, for when CSRF protection is on. */
const EXTRA_HEADERS = { 'x-writ-csrf': 'playground' };

/**
 * Serves GraphiQL to a browser that opens the endpoint. The page is self-contained, without a CDN: its content security
 * policy forbids it to load anything. It has about 9 MB of JavaScript, so it is rendered on the first request.
 */
export function usePlayground(options: PlaygroundOptions = {}): Plugin {
  let page: Promise<Page> | undefined;
  return {
    // Not in onRequest: Yoga responds to an error there with its stack.
    async onRequestParse({ request, fetchAPI, endResponse }) {
      if (!wantsPage(request.method, request.headers.get('accept'))) return;
      page ??= renderPage(options);
      const { body, headers } = await page;
      endResponse(new fetchAPI.Response(body, { headers }));
    },
  };
}

/** Whether it is a browser's navigation, and not a script's request. */
export function wantsPage(method: string | undefined, accept: string | null | undefined): boolean {
  return method === 'GET' && accept?.includes('text/html') === true;
}

const PLACEHOLDER = '__WRIT_OPTIONS__';

async function renderPage({
  operations = [],
  token,
  tokenHeader = 'authorization',
}: PlaygroundOptions): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const value = tokenHeader === 'authorization' ? `Bearer ${token}` : token;
  const headers = token === undefined ? '{}' : JSON.stringify({ [tokenHeader]: value }, null, 2);
  const pageOptions = {
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
  // renderGraphiQL inserts options into the script without escaping them: `</script>` in one would end it.
  const html = renderGraphiQL({ title: 'Writ', defaultQuery: PLACEHOLDER }).replace(
    JSON.stringify({ title: 'Writ', defaultQuery: PLACEHOLDER }),
    () => JSON.stringify(pageOptions).replaceAll('<', '\\u003c'),
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

/** Allows the page's one script by its hash, what the page embeds, workers from blobs, and requests to Writ. */
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
