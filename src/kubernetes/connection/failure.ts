import type { ClusterEndpoint } from './endpoint.ts';
import { ProxyError } from './tunnel.ts';

const UNTRUSTED = 'its certificate is not signed by the certificate authority that Writ was given';

/** By the codes of Node's network and TLS, and of the HTTP client. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ECONNRESET: 'the connection was closed at once',
  EPIPE: 'the connection was closed at once',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host cannot be resolved now',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'no response in time',
  UND_ERR_CONNECT_TIMEOUT: 'no response in time',
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: "its certificate is not valid yet: is this machine's clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for other names (tls-server-name says which one to expect)',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: is it plain HTTP (http://)?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: is it plain HTTP (http://)?',
  EPROTO: 'it does not speak TLS as Writ does: is it plain HTTP (http://)?',
  ENOENT: 'a certificate file does not exist',
  EACCES: 'a certificate file may not be read',
};

/** Where calls go, without what may be secret in a URL. */
export function describeEndpoint({ server, proxy }: ClusterEndpoint): string {
  return proxy ? `${server} (through the proxy ${proxy.protocol}//${proxy.host})` : server;
}

/**
 * Where a call failed, and why, for the administrator. Only the error's code is used: the HTTP client's own message may
 * contain hosts, headers and bodies.
 */
export function connectionFailure(endpoint: ClusterEndpoint, error: unknown): Error {
  return new Error(`${describeEndpoint(endpoint)}: ${reasonOf(endpoint, error)}`);
}

function reasonOf({ server }: ClusterEndpoint, error: unknown): string {
  if (error instanceof ProxyError) return error.message;
  const code = codeOf(error);
  const isNotHttp = code?.startsWith('HPE_') || (error as Error | null)?.name === 'HTTPParserError';
  const known = code !== undefined && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const reason = known ?? (isNotHttp ? 'the response is not HTTP' : 'the connection failed');
  const isCutOff = isNotHttp || code === 'UND_ERR_SOCKET' || code === 'ECONNRESET';
  const hint = isCutOff && server.startsWith('http:') ? ': does it expect TLS (https://)?' : '';
  return `${reason}${hint}${code === undefined ? '' : ` (${code})`}`;
}

/** Undefined if it has none, or what is no code. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
