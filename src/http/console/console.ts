import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import type { Logger } from '../../telemetry/logger.ts';
import { acceptsBrotli, acceptsGzip } from '../negotiate.ts';
import { wantsPage } from '../plugins/use-playground.ts';
import type { TokenOrigin } from '../request-token.ts';
import { sendError } from '../send-error.ts';
import { type ConsoleFile, etagOf, readBuiltConsole } from './built-console.ts';
import type { ConsoleOptions, PageConfig } from './page-config.ts';

export interface Console {
  /** Its address: a path that ends with a slash. */
  readonly path: string;
  /** Whether this is one of its paths. */
  has(path: string): boolean;
  isBuilt(): Promise<boolean>;
  respond(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
}

interface Settings extends ConsoleOptions, TokenOrigin {
  basePath: string;
  playground: boolean;
  logger: Logger;
}

type Content = Pick<ConsoleFile, 'contentType' | 'etag'> & { cacheControl: string } & (
    | Pick<ConsoleFile, 'brotli' | 'gzip'>
    | { plain: string }
  );

const gunzip = promisify(gunzipCallback);

const NOT_BUILT = 'The console is not built: run npm run console';
/** Deeper than any page. */
const MAX_DEPTH = 16;

/**
 * For all files, as a page that is opened from elsewhere could be any of them. React Aria's styles are in the console's own
 * stylesheet, so that neither scripts nor styles are ever inline.
 */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/**
 * Serves the console: its files, its configuration, and its page for every other path that a browser navigates to. All paths are
 * keys of a map: none reaches the file system. The files are read on the first request.
 */
export function createConsole({ basePath, playground, logger, file, ...settings }: Settings): Console {
  const path = `${basePath}/console/`;
  let files: Map<string, ConsoleFile> | undefined;

  async function read() {
    files ??= await readBuiltConsole(file);
    return files;
  }

  async function respond(request: IncomingMessage, response: ServerResponse, requested: string) {
    if (request.method !== 'GET') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendError(response, 405, 'BAD_REQUEST', 'The console is read with GET or HEAD');
    }
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (`${requested}/` === path) {
      // Relative, as a proxy can serve it at another path.
      return void response.writeHead(302, { location: 'console/' }).end();
    }
    const name = requested.slice(path.length);
    if (name === 'config.json') {
      return sendJson(response, pageConfig(request, { playground, ...settings }));
    }
    const built = await read();
    if (!built) return sendError(response, 404, 'NOT_FOUND', NOT_BUILT);
    const content = assetOf(built, name) ?? (isPage(request, name) ? await pageOf(built, name) : undefined);
    if (!content) return sendError(response, 404, 'NOT_FOUND', 'Not found');
    await send(request, response, content);
  }

  return {
    path,
    has: (requested) => requested.startsWith(path) || `${requested}/` === path,
    // A file that cannot be read is reported by `respond`.
    isBuilt: () => read().then(Boolean, () => false),
    async respond(request, response, requested) {
      try {
        await respond(request, response, requested);
      } catch (error) {
        logger.error({ err: error }, 'console could not be read');
        sendError(response, 500, 'INTERNAL', 'The console could not be read');
      }
    },
  };
}

/** @param request that for the configuration: it has the token if a proxy adds it */
function pageConfig(
  { headers }: IncomingMessage,
  settings: Omit<Settings, 'basePath' | 'logger' | 'file'>,
): PageConfig {
  const { people, developerTrace = false, tokenHeader, authenticatingProxy, playground } = settings;
  const byProxy = authenticatingProxy && headers[tokenHeader] !== undefined;
  return {
    endpoint: '../graphql',
    identity: people ? { kind: 'people', people } : { kind: byProxy ? 'proxy' : 'token' },
    tokenHeader,
    authenticatingProxy,
    playground,
    developerTrace,
  };
}

function isPage({ method, headers }: IncomingMessage, name: string): boolean {
  if (name.startsWith('assets/') || name.split('/').length > MAX_DEPTH) return false;
  return name === '' || wantsPage(method, headers.accept);
}

/** The names of assets contain a hash of their contents. */
function assetOf(files: ReadonlyMap<string, ConsoleFile>, name: string): Content | undefined {
  const file = name === 'index.html' ? undefined : files.get(name);
  return file && { ...file, cacheControl: 'public, max-age=31536000, immutable' };
}

/** The page names its assets relative to its own address, so that a proxy can serve it anywhere. */
async function pageOf(files: ReadonlyMap<string, ConsoleFile>, name: string): Promise<Content | undefined> {
  const file = files.get('index.html');
  if (!file) return undefined;
  const html = (await gunzip(file.gzip)).toString();
  const plain = html.replaceAll('"./', `"${'../'.repeat(name.split('/').length - 1) || './'}`);
  return { contentType: file.contentType, plain, etag: etagOf(plain), cacheControl: 'no-cache' };
}

async function send(request: IncomingMessage, response: ServerResponse, content: Content): Promise<void> {
  const { contentType, etag, cacheControl } = content;
  response.setHeader('cache-control', cacheControl);
  response.setHeader('etag', etag);
  if (isNotModified(request, etag)) return void response.writeHead(304).end();
  const { body, encoding } = await encoded(content, request.headers['accept-encoding']?.toString());
  response.writeHead(200, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    ...(encoding && { 'content-encoding': encoding }),
  });
  response.end(body);
}

async function encoded(content: Content, accepted: string | undefined) {
  if ('plain' in content) return { body: content.plain };
  if (acceptsBrotli(accepted)) return { body: content.brotli, encoding: 'br' };
  if (acceptsGzip(accepted)) return { body: content.gzip, encoding: 'gzip' };
  return { body: await gunzip(content.gzip) };
}

/** RFC 9110, section 13.1.2, for ETags that are all weak. */
function isNotModified({ headers }: IncomingMessage, etag: string): boolean {
  const known = headers['if-none-match'];
  return known === '*' || known?.split(',').some((each) => each.trim() === etag) === true;
}

function sendJson(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
