import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export interface OriginRules {
  /** Exact origins beside that of the Host header. */
  origins: readonly string[];
  /** Whether a proxy adds the token: a client without an origin then needs the header `x-writ-csrf`. */
  authenticatingProxy: boolean;
}

/**
 * Whether the sender of the upgrade request may open a WebSocket. CORS does not apply to WebSockets, but a browser always
 * says which origin the page has. Other clients send none.
 */
export function isAllowedOrigin(
  { headers }: IncomingMessage,
  { origins, authenticatingProxy }: OriginRules,
): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return !authenticatingProxy || Boolean(headers['x-writ-csrf']);
  if (origins.includes(origin)) return true;
  // Without the scheme: a proxy may terminate TLS.
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** Responds with an HTTP error in place of the upgrade. */
export function refuseUpgrade(socket: Duplex, status: number, code: string, message: string): void {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
