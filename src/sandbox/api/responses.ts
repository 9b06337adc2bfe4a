import type { ServerResponse } from 'node:http';
import type { Fields } from '../objects.ts';
import { StatusError, UnknownPath } from '../status.ts';
import { toJson } from './json.ts';
import { OPENAPI_V2 } from './openapi-v2.ts';

export function send(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(toJson(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

export function sendDocument(response: ServerResponse, document: string | Buffer | Fields): void {
  if (typeof document === 'string') sendText(response, 200, document);
  else if (Buffer.isBuffer(document)) response.writeHead(200, { 'content-type': OPENAPI_V2 }).end(document);
  else send(response, 200, document);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** Sends a StatusError's Status, and a 500 for any other error. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof UnknownPath) {
    sendText(response, 404, '404 page not found\n');
    return;
  }
  const { code, body } = error instanceof StatusError ? error : internalError(error);
  if (response.headersSent) response.destroy();
  else send(response, code, body);
}

function internalError(error: unknown): StatusError {
  const detail = error instanceof Error ? error.stack : error;
  return new StatusError(500, 'InternalError', `Internal error occurred: ${detail}`);
}
