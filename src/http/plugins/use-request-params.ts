import type { IncomingMessage } from 'node:http';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badRequest } from '../bad-request.ts';
import type { ServerContext } from '../request-state.ts';

export interface RequestParamsOptions {
  maxBodyBytes?: number;
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Takes a request's parameters, in place of Yoga's parsers: POST bodies are JSON and nothing else, so that no
 * HTML form and no CORS-simple request reaches an operation; one operation a request; a limited size.
 */
export function useRequestParams({
  maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
}: RequestParamsOptions = {}): Plugin<object, ServerContext> {
  return {
    onRequestParse({ request, url, serverContext: { req, state }, setRequestParser }) {
      if (state.accepted.nothing) {
        throw badRequest(
          'Accept application/graphql-response+json, application/json or text/event-stream',
          406,
        );
      }
      if (request.method === 'GET') setRequestParser(() => fromSearch(url.searchParams));
      if (request.method === 'POST') {
        requireJson(request.headers.get('content-type'));
        setRequestParser(async () => fromBody(await readBody(req, maxBodyBytes)));
      }
    },
  };
}

function requireJson(contentType: string | null): void {
  if (!/^application\/json(\s*;\s*charset="?utf-8"?)?\s*$/i.test(contentType ?? '')) {
    throw badRequest('Send the operation as application/json in UTF-8', 415, {
      'Accept-Post': 'application/json',
    });
  }
}

function fromSearch(search: URLSearchParams): GraphQLParams {
  const text = (name: string) => search.get(name) || undefined;
  const json = (name: string) => {
    const value = text(name);
    return value === undefined ? undefined : parseJson(value, `The parameter "${name}"`);
  };
  return checked({
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

function fromBody(body: string): GraphQLParams {
  const params = parseJson(body, 'The body');
  if (Array.isArray(params)) throw badRequest('Batching is not supported: send one operation a request');
  if (typeof params !== 'object' || params === null) throw badRequest('The body is no JSON object');
  return checked(params);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`${what} is no JSON`);
  }
}

// Yoga checks the other parameters itself.
function checked(params: object): GraphQLParams {
  const { operationName } = params as { operationName?: unknown };
  if (operationName != null && typeof operationName !== 'string') {
    throw badRequest('The parameter "operationName" is no string');
  }
  return params;
}

async function readBody(req: IncomingMessage, maxBytes: number): Promise<string> {
  const tooLarge = () => badRequest(`The body is larger than ${maxBytes} bytes`, 413);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving such a loop destroys the socket, and with it the answer that says why.
  await new Promise<void>((resolve, reject) => {
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    req.once('end', resolve);
    req.once('close', () => reject(badRequest('The body ended early')));
    req.once('error', reject);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw badRequest('The body is no UTF-8');
  }
}
