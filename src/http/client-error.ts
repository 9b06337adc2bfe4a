import { AbortedGraphQLExecutionError, type DocumentNode, GraphQLError, Kind } from 'graphql';
import { BadUserInput, type ErrorExtensions, Internal, Timeout, toWritError, WritError } from '../errors.ts';
import { argumentPath, withoutValue } from './input-errors.ts';

/** The operation that an error belongs to, as far as it is known. */
export interface ErrorSource {
  requestId?: string | undefined;
  document?: DocumentNode | undefined;
  explain?: Explain | undefined;
}

/** Further extensions of an error, which the layer that has thrown it does not know. */
export type Explain = (error: WritError) => ErrorExtensions;

/**
 * The codes with which graphql-js, Yoga and Writ's own plugins reject a request before execution. Their messages are about
 * the request alone, so a client sees them as they are.
 */
export const TRANSPORT_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
] as const;

const isTransportCode = (code: unknown) => TRANSPORT_CODES.some((known) => known === code);

/**
 * The only mapping from a thrown value to the error that a client sees: a GraphQL error with a stable `extensions.code`,
 * and without the text of an unknown error. Its `originalError` is for the log and is never serialized.
 */
export function toClientError(thrown: unknown, source: ErrorSource = {}): GraphQLError {
  const original = originalOf(thrown);
  const error = thrown instanceof GraphQLError ? thrown : undefined;
  const code = error?.extensions.code;
  if (error && !error.path && isTransportCode(code) && !(original instanceof WritError)) {
    const { reason } = error.extensions;
    const extensions = { code, ...(typeof reason === 'string' && { reason }) };
    return located(error, withoutValue(error.message), extensions, error);
  }
  const known = original instanceof GraphQLError ? fromExecution(original, source) : fromThrown(original);
  const { message, extensions } = known;
  const internal = known.code === 'INTERNAL' && source.requestId && { requestId: source.requestId };
  const explained = { ...source.explain?.(known), ...extensions };
  return located(error, message, { ...explained, ...internal, code: known.code }, original);
}

/** Whether the error is a defect: the client does not see its cause, so the log has to contain it. */
export function isDefect(error: GraphQLError): boolean {
  return error.extensions.code === 'INTERNAL';
}

/** What a resolver, a plugin or the executor threw, without the GraphQL errors that wrap it. */
function originalOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && error.originalError) error = error.originalError;
  return error;
}

function fromThrown(error: unknown): WritError {
  // The cause is the reason with which the request's signal was aborted, for example the deadline's Timeout.
  if (error instanceof AbortedGraphQLExecutionError) return fromThrown(error.cause);
  if (error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return new Timeout('The request was aborted');
  }
  return toWritError(error);
}

/** An error of graphql-js itself: about the client's input, or about a value that a resolver must not return. */
function fromExecution(error: GraphQLError, { document }: ErrorSource): WritError {
  const node = error.nodes?.[0];
  const path =
    node?.kind === Kind.VARIABLE_DEFINITION
      ? node.variable.name.value
      : document && argumentPath(error, document);
  return path === undefined
    ? new Internal('Internal error')
    : new BadUserInput([{ path, message: withoutValue(error.message) }]);
}

function located(
  error: GraphQLError | undefined,
  message: string,
  extensions: Record<string, unknown>,
  original: unknown,
): GraphQLError {
  return new GraphQLError(bounded(message), {
    nodes: error?.nodes,
    source: error?.source,
    positions: error?.positions,
    path: error?.path,
    originalError: original instanceof Error ? original : undefined,
    extensions,
  });
}

/** graphql-js quotes the document in some of its messages. */
const MAX_MESSAGE_LENGTH = 1_000;

function bounded(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}
