import type { RequestBudget } from '../budgets/request-budget.ts';
import { ResponseTooLarge } from '../errors.ts';

/**
 * Reads a whole body as text, with its length in bytes. ResponseTooLarge beyond `limit` bytes; what it reads counts towards the
 * budget.
 */
export async function readBody(
  body: AsyncIterable<Buffer>,
  limit: number,
  budget?: RequestBudget,
): Promise<{ text: string; bytes: number }> {
  const chunks: Buffer[] = [];
  const reserved = budget?.reading();
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) throw new ResponseTooLarge(`The cluster's response is larger than ${limit} bytes`);
      reserved?.grow(chunk.length);
      chunks.push(chunk);
    }
    // Most bodies are one chunk.
    const [first] = chunks;
    const whole = first && chunks.length === 1 ? first : Buffer.concat(chunks);
    return { text: whole.toString('utf8'), bytes: size };
  } finally {
    reserved?.release();
  }
}

/** A Status is short; what a proxy sends in its place is not needed. */
const MAX_STATUS_BYTES = 256 * 1024;

/** Reads the body of a failure. Empty if it is too long for a Status. */
export async function readStatusBody(body: AsyncIterable<Buffer>, budget?: RequestBudget): Promise<string> {
  try {
    return (await readBody(body, MAX_STATUS_BYTES, budget)).text;
  } catch (error) {
    if (error instanceof ResponseTooLarge) return '';
    throw error;
  }
}

/** The lines of a body. What follows the last line end is not a line. ResponseTooLarge for one of more than `limit` bytes. */
export async function* linesOf(body: AsyncIterable<Buffer>, limit: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (let chunk of body) {
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10)) {
      yield Buffer.concat([...parts, chunk.subarray(0, end)]).toString('utf8');
      chunk = chunk.subarray(end + 1);
      parts = [];
      size = 0;
    }
    size += chunk.length;
    if (size > limit)
      throw new ResponseTooLarge(`A line of the cluster's response is larger than ${limit} bytes`);
    if (chunk.length > 0) parts.push(chunk);
  }
}
