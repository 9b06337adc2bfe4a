import type { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';

/** Codes of RFC 6455 and the IANA registry that Writ closes WebSockets with. Clients reconnect after both. */
export const SERVICE_RESTART = 1012;
export const TRY_AGAIN_LATER = 1013;

/** A client that does not read. graphql-transport-ws has this code for other timeouts; clients reconnect after it. */
export const CLIENT_TIMEOUT = CloseCode.ConnectionInitialisationTimeout;
/** Too many WebSockets of one user. graphql-transport-ws has this code for a second `connection_init`. */
export const TOO_MANY = CloseCode.TooManyInitialisationRequests;

/** RFC 6455: a close frame has at most 125 bytes, of which 2 are the code. */
const MAX_REASON_BYTES = 123;

/** The close code for a connection whose `connection_init` failed. docs/errors.md lists them. */
export function closeCodeOf({ extensions: { code } }: GraphQLError): number {
  if (code === 'UNAUTHENTICATED') return CloseCode.Unauthorized;
  if (code === 'FORBIDDEN') return CloseCode.Forbidden;
  return code === 'INTERNAL' ? CloseCode.InternalServerError : TRY_AGAIN_LATER;
}

/** The reason as a close frame can have it. */
export function closeReason(reason: string): string {
  return Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : '';
}
