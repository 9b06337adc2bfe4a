import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { MemoryBudget } from '../../budgets/memory-budget.ts';
import { badRequest } from '../bad-request.ts';
import { refusePersistedQuery } from '../persisted-query.ts';
import type { ServerContext } from '../request-state.ts';

interface RequestParamsOptions {
  maxBodyBytes?: number;
  /** What bodies count towards while the request is in progress. */
  memory?: MemoryBudget;
}

export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Parses a request's parameters in place of Yoga's parsers. A POST body must be JSON, so that no HTML form and no simple
 * CORS request can execute an operation. It has one operation and a maximum size.
 */
export function useRequestParams({
  maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
  memory,
}: RequestParamsOptions = {}): Plugin<object, ServerContext> {
  return {
    onRequestParse({ request, url, serverContext, setRequestParser }) {
      if (serverContext.state.accepted.notAcceptable) {
        throw badRequest(
          'Accept application/graphql-response+json, application/json or text/event-stream',
          406,
        );
      }
      if (request.method === 'GET') setRequestParser(() => fromSearch(url.searchParams));
      if (request.method === 'POST') {
        requireJson(request.headers.get('content-type'));
        setRequestParser(async () => fromBody(await readBody(serverContext, maxBodyBytes, memory)));
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
  refusePersistedQuery(params);
  return params;
}

async function readBody(
  { req, state, whenEnded }: ServerContext,
  maxBytes: number,
  memory: MemoryBudget | undefined,
): Promise<string> {
  const reserved = memory?.reserve(state.user ?? '', 0);
  whenEnded(() => reserved?.release());
  const tooLarge = () => badRequest(`The body is larger than ${maxBytes} bytes`, 413);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving the loop early destroys the socket, before the error response is sent.
  await new Promise<void>((resolve, reject) => {
    // Nothing is kept of a refused body: its bytes count no more once the response is complete, but it may go on.
    const refuse = (error: unknown) => {
      req.off('data', onData).resume();
      chunks.length = 0;
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) return refuse(tooLarge());
      try {
        reserved?.grow(chunk.length);
      } catch (error) {
        return refuse(error);
      }
      chunks.push(chunk);
    };
    req.on('data', onData);
    req.once('end', resolve);
    req.once('close', () => reject(badRequest('The body is incomplete')));
    req.once('error', reject);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw badRequest('The body is not valid UTF-8');
  }
}
