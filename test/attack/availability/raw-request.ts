import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawRequest {
  token?: string | undefined;
  /** What is sent of the body. */
  body?: string;
  /** The length that the request announces; `chunked` announces none. */
  contentLength?: number | 'chunked';
}

/** A request as bytes on a connection of its own, which can be incomplete. */
export async function sendRaw(url: string, { token, body = '', contentLength = body.length }: RawRequest) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const length =
    contentLength === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${contentLength}`;
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    length,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return {
    socket: socket as Socket,
    closed,
    /** What has arrived. */
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
