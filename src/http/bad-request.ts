import { GraphQLError } from 'graphql';

/** BAD_REQUEST with its HTTP status: the request does not conform to GraphQL over HTTP. */
export function badRequest(
  message: string,
  status = 400,
  headers: Record<string, string> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } });
}
