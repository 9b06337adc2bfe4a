import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { TokenOrigin } from '../request-token.ts';
import { callsPanel } from './calls-panel.ts';
import { tokenDialog } from './token-dialog.ts';

export interface PlaygroundOptions {
  /** Opened as tabs; the first is selected. */
  operations?: readonly PlaygroundOperation[];
  /** Prefilled in the header editor. Only for the sandbox: anyone can read it in the page. */
  token?: string;
  /** Whether results list the calls to the cluster, which the page then shows. */
  listsCalls?: boolean;
}

export interface PlaygroundOperation {
  query: string;
  variables?: Record<string, unknown>;
}

interface PageOptions extends PlaygroundOptions, TokenOrigin {
  /** Whether the user has to give a token. */
  asksForToken: boolean;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Its bytes are shared by all responses: a client that does not read keeps none of its own. */
interface Page {
  gzipped: Bytes;
  /** For a client that does not accept gzip, which no browser is. */
  plain(): Promise<Bytes>;
  headers: Record<string, string>;
}

/** Sent with the playground's requests, for when CSRF protection is on. */
const EXTRA_HEADERS = { 'x-writ-csrf': 'playground' };
const PLACEHOLDER = '__WRIT_OPTIONS__';
/** Where GraphiQL is rendered. */
const ROOT = '<div id="root"></div>';

/** Renders the playground, of about 9 MB: GraphiQL with these options and all that it needs. */
export async function renderPage(options: PageOptions): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // renderGraphiQL inserts options into the script without escaping them: `</script>` in one would end it.
  const graphiql = renderGraphiQL({ title: 'Writ', defaultQuery: PLACEHOLDER }).replace(
    JSON.stringify({ title: 'Writ', defaultQuery: PLACEHOLDER }),
    () => JSON.stringify(graphiqlOptions(options)).replaceAll('<', '\\u003c'),
  );
  const scripts = [
    graphiql.slice(graphiql.indexOf('<script>') + '<script>'.length, graphiql.lastIndexOf('</script>')),
  ];
  const fragments = [
    ...(options.asksForToken ? [tokenDialog(options)] : []),
    ...(options.listsCalls ? [callsPanel()] : []),
  ];
  scripts.push(...fragments.map(({ script }) => script));
  const added = fragments.map(({ html, script }) => `${html}<script>${script}</script>`).join('');
  const html = graphiql.replace(ROOT, () => `${ROOT}${added}`);
  const gzipped = new Uint8Array(await promisify(gzip)(html));
  let plain: Promise<Bytes> | undefined;
  return {
    gzipped,
    plain() {
      plain ??= promisify(gunzip)(gzipped).then((bytes) => new Uint8Array(bytes));
      return plain;
    },
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(scripts),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
  };
}

function graphiqlOptions({ operations = [], token, tokenHeader }: PageOptions): object {
  const value = tokenHeader === 'authorization' ? `Bearer ${token}` : token;
  const headers = token === undefined ? '{}' : JSON.stringify({ [tokenHeader]: value }, null, 2);
  return {
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
}

/** Allows the page's own scripts by their hashes, what the page embeds, workers from blobs, and requests to Writ. */
function contentSecurityPolicy(scripts: string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
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
