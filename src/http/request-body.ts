import { createGunzip } from 'node:zlib';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { badRequest } from './bad-request.ts';
import type { ServerContext } from './request-state.ts';

interface BodyOptions {
  /** The body is compressed. */
  gzip: boolean;
  /** The maximum size, of the body as it is sent and of what it contains. */
  maxBytes: number;
  memory: MemoryBudget | undefined;
}

/** What a decompressor takes besides the data, in bytes. */
const GUNZIP_BYTES = 64 * 1024;

/** Whether the body is compressed. Errors: BAD_REQUEST (415) if it is so in any way but one. */
export function isGzip(contentEncoding: string | null): boolean {
  const coding = contentEncoding?.trim().toLowerCase() || 'identity';
  if (coding === 'gzip' || coding === 'x-gzip') return true;
  if (coding === 'identity') return false;
  throw badRequest('Send the body with the Content-Encoding gzip, or without any', 415, {
    'Accept-Encoding': 'gzip',
  });
}

/** Reads the text of a request's body. It counts for the user until the response is complete. Errors: BAD_REQUEST. */
export async function readBody(
  { req, state, whenEnded }: ServerContext,
  { gzip, maxBytes, memory }: BodyOptions,
): Promise<string> {
  const reserved = memory?.reserve(state.user ?? '', gzip ? GUNZIP_BYTES : 0);
  whenEnded(() => reserved?.release());
  const tooLarge = () => badRequest(`The body is larger than ${maxBytes} bytes`, 413);
  const gunzip = gzip ? createGunzip() : undefined;
  const content = gunzip ?? req;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let sentBytes = 0;
  // Not `for await`: leaving the loop early destroys the socket, before the error response is sent.
  await new Promise<void>((resolve, reject) => {
    // Nothing is kept of a refused body: its bytes count no more once the response is complete, but it may go on.
    const refuse = (error: unknown) => {
      content.off('data', onData);
      req.unpipe().off('data', onSent).resume();
      gunzip?.destroy();
      chunks.length = 0;
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) return refuse(tooLarge());
      try {
        reserved?.grow(chunk.length);
      } catch (error) {
        return refuse(error);
      }
      chunks.push(chunk);
    };
    const onSent = (chunk: Buffer) => {
      sentBytes += chunk.length;
      if (sentBytes > maxBytes) refuse(tooLarge());
    };
    content.on('data', onData);
    content.once('end', resolve);
    req.once('close', () => {
      if (!req.complete) refuse(badRequest('The body is incomplete'));
    });
    req.once('error', reject);
    if (!gunzip) return;
    gunzip.once('error', () => refuse(badRequest('The body is not valid gzip')));
    // A compressed body can be long although it contains nothing.
    req.on('data', onSent).pipe(gunzip);
  });
  state.bodyBytes = gunzip ? sentBytes : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw badRequest('The body is not valid UTF-8');
  }
}
