import type { IncomingMessage } from 'node:http';
import { Unauthenticated } from '../errors.ts';
import { UserToken } from '../kubernetes/token.ts';

/** Where the caller's token is: a bearer token of the caller's own, or the header of an authenticating proxy. */
export type TokenSource = 'authorization' | 'x-forwarded-access-token';

/**
 * The caller's token, from one header and nowhere else. UNAUTHENTICATED where it is absent, given twice, or not of
 * RFC 6750's form.
 */
export function readToken(request: IncomingMessage, source: TokenSource): UserToken {
  const values = headerValues(request, source);
  const [value] = values;
  if (value === undefined) throw new Unauthenticated(`No bearer token: the header ${source} is absent`);
  if (values.length > 1) throw new Unauthenticated(`The header ${source} is given more than once`);
  if (source !== 'authorization') return new UserToken(value);
  const [, token] = /^Bearer +(.*)$/i.exec(value) ?? [];
  if (token === undefined)
    throw new Unauthenticated('The header authorization is not of the form: Bearer TOKEN');
  return new UserToken(token);
}

/** All of them, where Node's `headers` would keep the first. */
function headerValues({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
