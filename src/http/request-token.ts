import type { IncomingMessage } from 'node:http';
import { Forbidden, Unauthenticated } from '../errors.ts';
import { UserToken } from '../kubernetes/token.ts';

/** The header with the caller's token: the standard one, or that of an authenticating proxy. */
export type TokenSource = 'authorization' | 'x-forwarded-access-token';

/**
 * Reads the caller's token from this header and nowhere else. UNAUTHENTICATED if it is absent, repeated, or not in the
 * form of RFC 6750.
 */
export function readToken(request: IncomingMessage, source: TokenSource): UserToken {
  const values = headerValues(request, source);
  const [value] = values;
  if (value === undefined) throw new Unauthenticated(`No bearer token: the header ${source} is absent`);
  if (values.length > 1) throw new Unauthenticated(`The header ${source} appears more than once`);
  return source === 'authorization' ? bearerToken(value, 'header') : new UserToken(value);
}

/** Where requests have the token, and whether a proxy has put it there. */
export interface TokenOrigin {
  tokenHeader: TokenSource;
  authenticatingProxy: boolean;
}

/** The names under which `connection_init` may have the token, as a header has it. */
const PAYLOAD_NAMES = ['Authorization', 'authorization'];

/**
 * Reads the caller's token for a WebSocket: from the payload of `connection_init`; behind an authenticating proxy, from the
 * header of the upgrade request alone. Errors: UNAUTHENTICATED as above; FORBIDDEN if a client behind a proxy sends a token
 * of its own.
 */
export function readConnectionToken(
  request: IncomingMessage,
  payload: Readonly<Record<string, unknown>> = {},
  { tokenHeader: source, authenticatingProxy }: TokenOrigin,
): UserToken {
  const [name, ...others] = PAYLOAD_NAMES.filter((each) => Object.hasOwn(payload, each));
  if (authenticatingProxy) {
    if (name === undefined) return readToken(request, source);
    throw new Forbidden(`The token comes from the header ${source}: connection_init must not have one`);
  }
  if (name === undefined) throw new Unauthenticated('No bearer token: connection_init has no Authorization');
  if (others.length > 0) throw new Unauthenticated('connection_init has more than one token');
  return bearerToken(payload[name], 'field');
}

function bearerToken(value: unknown, where: 'header' | 'field'): UserToken {
  const [, token] = (typeof value === 'string' && /^Bearer +(.*)$/i.exec(value)) || [];
  if (token === undefined) {
    throw new Unauthenticated(`The ${where} authorization must have the form: Bearer TOKEN`);
  }
  return new UserToken(token);
}

/** All values of the header: Node's `headers` keeps only the first. */
function headerValues({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
