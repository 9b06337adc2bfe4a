import type { IncomingMessage } from 'node:http';
import { type Fields, isFields } from '../objects.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../status.ts';
import { parseJson } from './json.ts';

const limit = 3 * 1024 * 1024;

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
}

/** The decoded JSON body, undefined if it is empty; 413 above 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readAll(request);
  if (bytes.length === 0) return undefined;
  if (!mediaType(request).endsWith('json')) {
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json',
    );
  }
  try {
    return parseJson(bytes.toString());
  } catch (error) {
    throw badRequest(`the body is not valid: ${error instanceof Error ? error.message : error}`);
  }
}

export async function readObject(request: IncomingMessage): Promise<Fields> {
  const body = await readBody(request);
  if (!isFields(body)) throw badRequest('the body is not an object');
  return body;
}
