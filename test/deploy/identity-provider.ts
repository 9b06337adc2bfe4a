import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../src/sandbox/certificates.ts';

export interface IdentityProvider {
  issuer: string;
  /** PEM of the authority of its certificate. */
  ca: string;
  /** A signed ID token with these claims. */
  tokenOf(claims: object): string;
  close(): Promise<void>;
}

/** An OpenID Connect provider on loopback at which everybody is logged in, with these claims, as a client named writ. */
export async function startIdentityProvider(claims: object): Promise<IdentityProvider> {
  const { key, cert } = await makeCertificate();
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  /** The nonce of each login that has not fetched its tokens. */
  const nonces = new Map<string, string>();
  const server = createServer({ key, cert }, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', issuer);
    const json = (value: object) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (pathname === '/.well-known/openid-configuration') return json(discovery());
    if (pathname === '/keys')
      return json({
        keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
      });
    if (pathname === '/authorize') {
      const code = randomUUID();
      nonces.set(code, searchParams.get('nonce') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '' }).toString();
      return response.writeHead(302, { location: back.href }).end();
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    const code = new URLSearchParams(body).get('code') ?? '';
    const nonce = nonces.get(code);
    if (nonce === undefined) return response.writeHead(400).end();
    nonces.delete(code);
    return json({
      access_token: 'not-for-the-cluster',
      refresh_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: tokenOf({ ...claims, nonce }),
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function discovery() {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    };
  }

  function tokenOf(more: object): string {
    const seconds = Math.floor(Date.now() / 1_000);
    const payload = { iss: issuer, aud: 'writ', sub: 'a-user', iat: seconds, exp: seconds + 3600, ...more };
    const signed = [{ alg: 'RS256', kid: 'one' }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  return {
    issuer,
    ca: cert,
    tokenOf,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
