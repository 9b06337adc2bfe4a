import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawRequest {
  token?: string | undefined;
  /** Lines that are sent as they are, also where no HTTP client would send them. */
  headers?: string[];
  /** What is sent of the body. */
  body?: string;
  /** The length that the request announces; `chunked` announces none. */
  contentLength?: number | 'chunked';
}

/** A request as bytes on a connection of its own, which can be incomplete. */
export async function openRawRequest(
  url: string,
  { token, headers = [], body = '', contentLength = body.length }: RawRequest,
) {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses a request while it is being sent resets the connection; what it has sent still counts.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const length =
    contentLength === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${contentLength}`;
  const lines = [
    `POST ${pathname}${search} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
    length,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...headers,
  ];
  // latin1: a byte for a character, as headers are on the wire.
  socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  return {
    socket,
    closed,
    /** What has arrived. */
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** The answer to an operation that is sent with exactly these header lines. */
export async function sendRaw(url: string, headers: string[], query: string) {
  const body = JSON.stringify({ query });
  const { text, closed } = await openRawRequest(url, { headers: ['Connection: close', ...headers], body });
  await closed;
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text()) ?? [];
  if (!status) throw new Error(`This is no HTTP response: ${JSON.stringify(text())}`);
  return { status: Number(status), text: text() };
}

/** The answer to a GET of exactly this address, in which no client has resolved `..`. */
export async function sendRawGet(url: string) {
  const [, host = '', path = ''] = /^http:\/\/([^/]+)(.*)$/s.exec(url) ?? [];
  const [hostname = '', port] = host.split(':');
  const socket = connect(Number(port), hostname);
  socket.end(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
  const text = Buffer.concat(await socket.toArray()).toString();
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? [];
  if (!status) throw new Error(`This is no HTTP response: ${JSON.stringify(text)}`);
  return { status: Number(status), text };
}
