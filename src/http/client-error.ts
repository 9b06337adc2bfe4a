import { AbortedGraphQLExecutionError, type DocumentNode, GraphQLError, Kind } from 'graphql';
import { BadUserInput, Internal, Timeout, toWritError, WritError } from '../errors.ts';
import { argumentPath } from './input-errors.ts';

/** The operation that an error came from, as far as it is known. */
export interface ErrorSource {
  requestId?: string | undefined;
  document?: DocumentNode | undefined;
}

// Of graphql-js' and Yoga's own refusals, before an operation runs: their texts are about the request alone.
const TRANSPORT_CODES = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/**
 * The one mapping to what a client sees, over any transport: a GraphQL error with a stable `extensions.code` and
 * nothing of an unknown error. Its `originalError` is for the log; it is never serialised.
 */
export function toClientError(thrown: unknown, source: ErrorSource = {}): GraphQLError {
  const original = originalOf(thrown);
  const error = thrown instanceof GraphQLError ? thrown : undefined;
  const code = error?.extensions.code;
  if (error && !error.path && TRANSPORT_CODES.has(code) && !(original instanceof WritError)) {
    return located(error, error.message, { code }, error);
  }
  const known = original instanceof GraphQLError ? fromExecution(original, source) : fromThrown(original);
  const { message, extensions } = known;
  const internal = known.code === 'INTERNAL' && source.requestId && { requestId: source.requestId };
  return located(error, message, { ...extensions, ...internal, code: known.code }, original);
}

/** Is it a defect, of which the client was told nothing? Then the log needs it whole. */
export function isDefect(error: GraphQLError): boolean {
  return error.extensions.code === 'INTERNAL';
}

/** What a resolver, a plugin or the executor threw, out of all the GraphQL errors around it. */
function originalOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && error.originalError) error = error.originalError;
  return error;
}

function fromThrown(error: unknown): WritError {
  // The cause is the reason that the request's signal was aborted with: the deadline's Timeout, for one.
  if (error instanceof AbortedGraphQLExecutionError) return fromThrown(error.cause);
  if (error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return new Timeout('The request was aborted');
  }
  return toWritError(error);
}

/** graphql-js' own: about the client's input, or else about a value that a resolver should not have returned. */
function fromExecution(error: GraphQLError, { document }: ErrorSource): WritError {
  const node = error.nodes?.[0];
  const path =
    node?.kind === Kind.VARIABLE_DEFINITION
      ? node.variable.name.value
      : document && argumentPath(error, document);
  return path === undefined
    ? new Internal('Internal error')
    : new BadUserInput([{ path, message: error.message }]);
}

function located(
  error: GraphQLError | undefined,
  message: string,
  extensions: Record<string, unknown>,
  original: unknown,
): GraphQLError {
  return new GraphQLError(message, {
    nodes: error?.nodes,
    source: error?.source,
    positions: error?.positions,
    path: error?.path,
    originalError: original instanceof Error ? original : undefined,
    extensions,
  });
}
