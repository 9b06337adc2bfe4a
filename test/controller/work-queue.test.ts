import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkQueue, type WorkQueueOptions } from '../../src/controller/runtime/work-queue.ts';
import { namespaceOfKey } from '../../src/controller/session/session-cache.ts';

function queueOf(
  process: (key: string) => Promise<number | undefined>,
  more: Partial<WorkQueueOptions> = {},
) {
  return new WorkQueue({
    process: async (key) => ({ requeueAfterMs: await process(key) }),
    groupOf: namespaceOfKey,
    onError: () => {},
    concurrency: 2,
    spacingMs: 1,
    backoff: { baseMs: 1, maxMs: 10 },
    ...more,
  });
}

/** Lets the time pass until nothing is due any more. */
const settle = () => vi.runAllTimersAsync();

describe('the work queue', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('works on a key once, however often it was added, and not before it is started', async () => {
    const done: string[] = [];
    const queue = queueOf(async (key) => void done.push(key));
    for (const key of ['a', 'a', 'b', 'a']) queue.add(key);
    await settle();
    expect(done).toEqual([]);
    queue.start();
    await settle();
    await queue.close();
    expect(done.sort()).toEqual(['a', 'b']);
  });

  it('works on a key once more where it was added meanwhile, and never twice at the same time', async () => {
    const gate = Promise.withResolvers<void>();
    let now = 0;
    let most = 0;
    let turns = 0;
    const process = async () => {
      turns += 1;
      now += 1;
      most = Math.max(most, now);
      await gate.promise;
      now -= 1;
      return undefined;
    };
    // So many that two passes over the same key would find a place.
    const queue = queueOf(process, { concurrency: 4 });
    queue.start();
    queue.add('a');
    await settle();
    queue.add('a');
    queue.add('a');
    await settle();
    expect(turns).toBe(1);
    gate.resolve();
    await settle();
    await queue.close();
    expect([most, turns]).toEqual([1, 2]);
  });

  it('works on a key never twice at the same time, also where it is due again while it waits for its turn', async () => {
    const first = Promise.withResolvers<void>();
    const others = Promise.withResolvers<void>();
    let now = 0;
    let most = 0;
    let turns = 0;
    const process = async (key: string) => {
      if (key !== 'a') {
        await others.promise;
        return undefined;
      }
      turns += 1;
      const turn = turns;
      now += 1;
      most = Math.max(most, now);
      await (turn === 1 ? first.promise : new Promise((resolve) => setTimeout(resolve, 20)));
      now -= 1;
      return turn === 1 ? 1 : undefined;
    };
    const queue = queueOf(process, { concurrency: 4 });
    queue.start();
    queue.add('a');
    await settle();
    for (const key of ['b', 'c', 'd', 'e', 'a']) queue.add(key);
    await settle();
    // It is queued behind the others, and to be looked at again.
    first.resolve();
    await settle();
    expect(turns).toBe(1);
    others.resolve();
    await settle();
    await queue.close();
    expect([most, turns]).toEqual([1, 2]);
  });

  it('tells its observer of keys that are queued, of passes and how they end, and of retries', async () => {
    const told: string[] = [];
    const observer = {
      added: () => told.push('added'),
      retried: () => told.push('retried'),
      started: () => told.push('started'),
      ended: (_: number, result: string, error?: unknown) =>
        told.push([result, (error as Error | undefined)?.message].filter(Boolean).join(': ')),
    };
    const outcomes = [() => Promise.reject(new Error('no')), async () => 5, async () => undefined];
    const queue = queueOf(async () => outcomes.shift()?.(), { observer });
    queue.start();
    for (const key of ['a', 'a']) queue.add(key);
    await settle();
    await queue.close();
    const passes = [['error: no', 'retried'], ['requeued'], ['done']];
    expect(told).toEqual(passes.flatMap((ends) => ['added', 'started', ...ends]));
  });

  it('lets a namespace with many keys keep no other waiting', async () => {
    const begun: string[] = [];
    const gate = Promise.withResolvers<void>();
    const queue = queueOf(async (key) => {
      begun.push(key);
      await gate.promise;
      return undefined;
    });
    queue.start();
    for (let n = 0; n < 1_000; n += 1) queue.add(`many/${n}`);
    await settle();
    expect(begun).toEqual(['many/0']);
    queue.add('few/1');
    await settle();
    expect(begun).toEqual(['many/0', 'few/1']);
    gate.resolve();
    await queue.close();
  });

  it('waits after a failure whatever news came during it', async () => {
    let turns = 0;
    const work = async (key: string) => {
      turns += 1;
      queue.add(key);
      // Long enough for the news to be due.
      await new Promise((resolve) => setTimeout(resolve, 30));
      throw new Error('not now');
    };
    const queue: WorkQueue = queueOf(work, { backoff: { baseMs: 10_000, maxMs: 10_000 } });
    queue.start();
    queue.add('a/1');
    await vi.advanceTimersByTimeAsync(50);
    queue.add('a/1');
    // A part of the backoff is random: at least a half of it has to pass.
    await vi.advanceTimersByTimeAsync(4_900);
    expect(turns).toBe(1);
    await vi.advanceTimersByTimeAsync(5_100);
    expect(turns).toBe(2);
    await queue.close();
  });

  it('works on no more keys at once than it may', async () => {
    let now = 0;
    const seen: number[] = [];
    const queue = queueOf(async () => {
      now += 1;
      seen.push(now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    });
    for (let n = 0; n < 20; n += 1) queue.add(`${n}`);
    queue.start();
    await settle();
    await queue.close();
    expect(seen).toHaveLength(20);
    expect(Math.max(...seen)).toBe(2);
  });

  it('tries again what has failed, until it succeeds, and tells each failure', async () => {
    const failures: string[] = [];
    let turns = 0;
    const queue = queueOf(
      async () => {
        turns += 1;
        if (turns < 4) throw new Error(`no ${turns}`);
        return undefined;
      },
      { onError: (key, error) => failures.push(`${key}: ${(error as Error).message}`) },
    );
    queue.start();
    queue.add('a');
    await settle();
    await queue.close();
    expect(failures).toEqual(['a: no 1', 'a: no 2', 'a: no 3']);
  });

  it('looks again after the time that the work has asked for', async () => {
    let turns = 0;
    const queue = queueOf(async () => {
      turns += 1;
      return turns < 2 ? 1_000 : undefined;
    });
    queue.start();
    queue.add('a');
    await vi.advanceTimersByTimeAsync(1_000 - 1);
    expect(turns).toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(turns).toBe(2);
    await settle();
    expect(turns).toBe(2);
    await queue.close();
  });

  it('when it closes, waits for what is being done and does no more', async () => {
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const queue = queueOf(
      async (key) => {
        await gate.promise;
        done.push(key);
        return 1;
      },
      { concurrency: 1 },
    );
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await settle();
    const closed = queue.close();
    gate.resolve();
    await closed;
    queue.add('d');
    await settle();
    expect(done).toEqual(['a']);
  });
});
