import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';

/** A failure of the proxy, and not of the cluster behind it. Its message has no more than codes. */
export class ProxyError extends Error {
  readonly code: string;

  constructor(why: string, code: string) {
    super(why);
    this.name = 'ProxyError';
    this.code = code;
  }
}

/**
 * A connection to `hostname:port` through an HTTP proxy (CONNECT, RFC 9110, section 9.3.6).
 *
 * @param proxy with a user and a password if it wants them
 */
export function openTunnel(
  proxy: URL,
  { hostname, port, protocol }: { hostname: string; port?: string; protocol: string },
  timeoutMs: number,
): Promise<Socket> {
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  const target = `${name}:${port || (protocol === 'https:' ? 443 : 80)}`;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const isHttps = proxy.protocol === 'https:';
  const options: RequestOptions = {
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (isHttps ? 443 : 80),
    path: target,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: { host: target, ...authorization(proxy) },
  };
  const request = (isHttps ? httpsRequest : httpRequest)(options);
  request.once('connect', ({ statusCode }, socket: Socket) => {
    if (statusCode === 200) return resolve(socket);
    socket.destroy();
    const hint = statusCode === 407 ? ': it wants a user name and a password' : '';
    reject(new ProxyError(`the proxy answered ${statusCode}${hint}`, 'PROXY_REFUSED'));
  });
  request.once('error', ({ code, name }: NodeJS.ErrnoException) => {
    const reason = name === 'AbortError' ? 'ETIMEDOUT' : (code ?? 'ERROR');
    reject(new ProxyError(`the proxy cannot be reached (${reason})`, reason));
  });
  request.end();
  return promise;
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (!username && !password) return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
