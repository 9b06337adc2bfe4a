import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { MemoryBudget } from '../../budgets/memory-budget.ts';
import { badRequest } from '../bad-request.ts';
import type { ResolveDocument } from '../operations/document-resolver.ts';
import { isGzip, readBody } from '../request-body.ts';
import type { ServerContext } from '../request-state.ts';

interface RequestParamsOptions {
  /** Finds the document that the parameters name, if they have none. */
  resolve: ResolveDocument;
  maxBodyBytes?: number;
  /** What bodies count towards while the request is in progress. */
  memory?: MemoryBudget;
}

export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Parses a request's parameters in place of Yoga's parsers. A POST body must be JSON, so that no HTML form and no simple
 * CORS request can execute an operation. It can be compressed with gzip, and has one operation and a
 * maximum size.
 */
export function useRequestParams({
  resolve,
  maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
  memory,
}: RequestParamsOptions): Plugin<object, ServerContext> {
  return {
    onRequestParse({ request, url, serverContext, setRequestParser }) {
      if (serverContext.state.accepted.notAcceptable) {
        throw badRequest(
          'Accept application/graphql-response+json, application/json or text/event-stream',
          406,
        );
      }
      if (request.method !== 'GET' && request.method !== 'POST') {
        throw badRequest('Send a GET, HEAD or POST', 405, { Allow: 'GET, HEAD, POST' });
      }
      if (request.method === 'GET') {
        setRequestParser(() => resolve(fromSearch(url.searchParams), serverContext));
      }
      if (request.method === 'POST') {
        requireJson(request.headers.get('content-type'));
        const gzip = isGzip(request.headers.get('content-encoding'));
        setRequestParser(async () => {
          const body = await readBody(serverContext, { gzip, maxBytes: maxBodyBytes, memory });
          return resolve(fromBody(body), serverContext);
        });
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
  return checkParams({
    query: text('query'),
    documentId: text('documentId'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

function fromBody(body: string): GraphQLParams {
  const params = parseJson(body, 'The body');
  if (Array.isArray(params)) throw badRequest('Batching is not supported: send one operation per request');
  if (typeof params !== 'object' || params === null) throw badRequest('The body is not a JSON object');
  return checkParams(params);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`${what} is not valid JSON`);
  }
}

// Yoga checks the other parameters itself.
function checkParams(params: object): GraphQLParams {
  const { operationName }: { operationName?: unknown } = params;
  if (operationName != null && typeof operationName !== 'string') {
    throw badRequest('The parameter "operationName" must be a string');
  }
  return params;
}
