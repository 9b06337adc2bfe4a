import type { ExecutionResult, GraphQLError } from 'graphql';
import type { JsonMediaType } from './negotiate.ts';

export interface HttpOutcome {
  status: number;
  headers: Record<string, string>;
}

const STATUS: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
  INTERNAL: 500,
};

// A well-formed GraphQL over HTTP request whose operation is not executed: 200 for application/json.
const REFUSED_OPERATIONS = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'BAD_USER_INPUT',
  'QUERY_TOO_COMPLEX',
]);

/**
 * The HTTP status of a result, by GraphQL over HTTP (draft, section 6.4); docs/errors.md lists it for each code. Errors
 * beside data never change it. UNAUTHENTICATED is 401 even if execution has begun, as long as there is no data.
 *
 * @param errors as they were thrown: a BAD_REQUEST carries its own status
 * @param mediaType undefined: an event stream, whose status is always 200
 */
export function httpOutcome(
  result: ExecutionResult,
  errors: readonly GraphQLError[],
  mediaType: JsonMediaType | undefined,
): HttpOutcome {
  const codes = (result.errors ?? []).map(({ extensions }) => extensions.code);
  if (mediaType === undefined || codes.length === 0 || result.data) return { status: 200, headers: {} };
  if (codes.includes('UNAUTHENTICATED')) return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } };
  if (result.data === null) return { status: 200, headers: {} };
  const transport = errors.find(({ extensions }) => extensions.http?.status)?.extensions.http;
  if (codes[0] === 'BAD_REQUEST') {
    return { status: transport?.status ?? 400, headers: transport?.headers ?? {} };
  }
  if (REFUSED_OPERATIONS.has(codes[0])) {
    return { status: mediaType === 'application/json' ? 200 : 400, headers: {} };
  }
  return { status: statusOf(String(codes[0])), headers: retryAfter(result.errors?.[0]) };
}

function retryAfter(error: GraphQLError | undefined): Record<string, string> {
  const seconds = error?.extensions.retryAfterSeconds;
  return typeof seconds === 'number' ? { 'Retry-After': String(Math.ceil(seconds)) } : {};
}

function statusOf(code: string): number {
  return (Object.hasOwn(STATUS, code) ? STATUS[code] : undefined) ?? 400;
}
