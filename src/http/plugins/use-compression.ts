import { randomBytes, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import type { MemoryBudget, Reservation } from '../../budgets/memory-budget.ts';
import { acceptsGzip } from '../negotiate.ts';
import type { HttpContext } from '../request-state.ts';

interface CompressionOptions {
  /** What a response takes while it is compressed counts towards it. Without room for it, the response is not compressed. */
  memory?: MemoryBudget;
  /** The time that it takes counts towards it. */
  cpu?: CpuShares;
}

/** A shorter response fits into a packet anyway. */
const MIN_BYTES = 1_024;
/** What zlib takes besides the data, in bytes. */
const STATE_BYTES = 256 * 1024;
/** About what gzip takes of a processor: to begin, and for each byte, in ms. */
const START_MS = 0.15;
const MS_PER_BYTE = 8 / 1024 / 1024;

const gzip = promisify(gzipCallback);

/**
 * Compresses the response for clients that accept it, with Node's zlib, whose threads take the work in parts: a large response
 * delays neither the event loop nor the response of another user. Event streams are not compressed: a compressor collects events.
 *
 * Yoga's own plugin ignores q-values, and compresses every response, event streams included.
 */
export function useCompression({ memory, cpu }: CompressionOptions = {}): Plugin<object, HttpContext> {
  return {
    async onResponse({ request, response, serverContext: { state }, setResponse, fetchAPI }) {
      const { headers } = response;
      const isJson = headers.get('content-type')?.includes('json') === true;
      if (!isJson || !acceptsGzip(request.headers.get('accept-encoding') ?? undefined)) return;
      const bytes = Number(headers.get('content-length'));
      if (!(bytes >= MIN_BYTES)) return;
      const user = state.user ?? '';
      // Besides what the response itself has reserved: the bytes that are read, and those that are written.
      const reserved = reserve(user, 2 * bytes + STATE_BYTES);
      if (!reserved) return;
      try {
        const body = withRandomLength(await gzip(await response.text()));
        cpu?.charge(user, START_MS + bytes * MS_PER_BYTE);
        headers.set('content-encoding', 'gzip');
        headers.set('content-length', String(body.length));
        setResponse(new fetchAPI.Response(body, { status: response.status, headers }));
      } finally {
        reserved.release();
      }
    },
  };

  function reserve(user: string, bytes: number): Pick<Reservation, 'release'> | undefined {
    if (!memory) return { release() {} };
    try {
      return memory.reserve(user, bytes);
    } catch {
      return undefined;
    }
  }
}

const FLAGS_OFFSET = 3;
const HEADER_BYTES = 10;
const HAS_FILE_NAME = 0x08;
const MAX_PADDING = 100;

/**
 * Adds a file name of random length, which decompressors ignore (RFC 1952, section 2.3). From the exact length of compressed
 * responses, someone who can put text into them and sees the encrypted traffic could conclude whether another part of the
 * response has the same text (BREACH).
 */
function withRandomLength(member: Buffer): Buffer<ArrayBuffer> {
  const header = Buffer.from(member.subarray(0, HEADER_BYTES));
  header[FLAGS_OFFSET] = HAS_FILE_NAME;
  const name = randomBytes(Math.ceil(MAX_PADDING / 2))
    .toString('hex')
    .slice(0, randomInt(MAX_PADDING));
  return Buffer.concat([header, Buffer.from(`${name}\0`), member.subarray(HEADER_BYTES)]);
}
