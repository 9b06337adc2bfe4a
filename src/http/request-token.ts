import type { IncomingMessage } from 'node:http';
import { Unauthenticated } from '../errors.ts';
import { UserToken } from '../kubernetes/token.ts';

/** The header with the caller's token: the standard one, or that of an authenticating proxy. */
type TokenSource = 'authorization' | 'x-forwarded-access-token';

/**
 * Reads the caller's token from this header and nowhere else. UNAUTHENTICATED if it is absent, repeated, or not in the
 * form of RFC 6750.
 */
export function readToken(request: IncomingMessage, source: TokenSource): UserToken {
  const values = headerValues(request, source);
  const [value] = values;
  if (value === undefined) throw new Unauthenticated(`No bearer token: the header ${source} is absent`);
  if (values.length > 1) throw new Unauthenticated(`The header ${source} appears more than once`);
  if (source !== 'authorization') return new UserToken(value);
  const [, token] = /^Bearer +(.*)$/i.exec(value) ?? [];
  if (token === undefined)
    throw new Unauthenticated('The header authorization must have the form: Bearer TOKEN');
  return new UserToken(token);
}

/** All values of the header: Node's `headers` keeps only the first. */
function headerValues({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
