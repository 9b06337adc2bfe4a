import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { Unavailable } from '../../src/errors.ts';
import { LogQueue } from '../../src/live/log-queue.ts';

const LIMITS = { size: 3, waitMs: 1, queueLines: 5, queueBytes: 10_000, chunkBytes: 10_000 };
const line = (text: string) => ({ text, timestamp: '', pod: 'pod', container: 'runner' });

function startQueue(limits: Partial<typeof LIMITS> = {}, memory = new MemoryBudget(1_000_000)) {
  const queue = new LogQueue({ ...LIMITS, ...limits }, memory.reserve('user', 0));
  const print = (...texts: string[]) => {
    for (const text of texts) queue.push(line(text));
  };
  return { queue, memory, print };
}

async function all(queue: LogQueue) {
  const chunks: { texts: string[]; skipped: number }[] = [];
  for await (const { lines, skipped } of queue.chunks()) {
    chunks.push({ texts: lines.map(({ text }) => text), skipped });
  }
  return chunks;
}

describe('the queue of lines', () => {
  it('makes chunks of at most so many lines, and of the rest at the end', async () => {
    const { queue, memory, print } = startQueue();
    print('a', 'b', 'c', 'd');
    queue.end();
    expect(await all(queue)).toEqual([
      { texts: ['a', 'b', 'c'], skipped: 0 },
      { texts: ['d'], skipped: 0 },
    ]);
    expect(memory.reserved).toBe(0);
  });

  it('sends a full chunk at once, and what is less after a while', async () => {
    const { queue, print } = startQueue({ waitMs: 2 ** 30 });
    const chunks = queue.chunks();
    const next = chunks.next();
    print('a', 'b');
    print('c');
    expect((await next).value?.lines).toHaveLength(3);
    const { queue: patient, print: printMore } = startQueue();
    const waiting = patient.chunks().next();
    printMore('alone');
    expect((await waiting).value?.lines).toEqual([line('alone')]);
  });

  it('drops the oldest lines of a reader that is too slow, and counts them', async () => {
    const { queue, print } = startQueue();
    print('a', 'b', 'c', 'd', 'e', 'f', 'g');
    queue.end();
    expect(await all(queue)).toEqual([
      { texts: ['c', 'd', 'e'], skipped: 2 },
      { texts: ['f', 'g'], skipped: 0 },
    ]);
  });

  it('holds no more bytes than it may, but always one line', async () => {
    const { queue, memory, print } = startQueue({ queueBytes: 1_000 });
    print('x'.repeat(400), 'y'.repeat(400), 'z'.repeat(400));
    expect(memory.reserved).toBeLessThan(1_100);
    print('w'.repeat(2_000));
    queue.end();
    expect(await all(queue)).toEqual([{ texts: ['w'.repeat(2_000)], skipped: 3 }]);
    expect(memory.reserved).toBe(0);
  });

  it('drops lines rather than take memory that is not there', async () => {
    const { queue, memory, print } = startQueue({}, new MemoryBudget(1_200));
    print('a'.repeat(300), 'b'.repeat(300), 'c'.repeat(5_000), 'd');
    queue.end();
    const [chunk] = await all(queue);
    expect([chunk?.texts, chunk?.skipped]).toEqual([['d'], 3]);
    expect(memory.reserved).toBe(0);
  });

  it('delivers what waits before an error, and nothing once it is cancelled', async () => {
    const failed = startQueue();
    failed.print('a');
    failed.queue.end(new Unavailable('gone'));
    const chunks = failed.queue.chunks();
    expect((await chunks.next()).value?.lines).toEqual([line('a')]);
    await expect(chunks.next()).rejects.toThrow('gone');

    const cancelled = startQueue();
    cancelled.print('a');
    cancelled.queue.cancel(new Unavailable('gone'));
    await expect(cancelled.queue.chunks().next()).rejects.toThrow('gone');
    expect(cancelled.memory.reserved).toBe(0);
  });
});
