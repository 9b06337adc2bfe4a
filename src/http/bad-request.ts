import { GraphQLError } from 'graphql';

/** A request that is none, by GraphQL over HTTP: BAD_REQUEST with its HTTP status. */
export function badRequest(
  message: string,
  status = 400,
  headers: Record<string, string> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } });
}
