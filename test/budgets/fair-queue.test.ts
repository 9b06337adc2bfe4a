import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../src/budgets/fair-queue.ts';

/** Items such as `a1`, grouped by their letter. */
function queueOf(maxPerGroup: number, ...items: string[]): FairQueue<string> {
  const queue = new FairQueue<string>((item) => item.charAt(0), maxPerGroup);
  for (const item of items) queue.push(item);
  return queue;
}

function takeAll(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
  return taken;
}

describe('FairQueue', () => {
  it('lets groups take turns, each in its own order', () => {
    const queue = queueOf(10, 'a1', 'a2', 'a3', 'b1', 'c1', 'c2');
    expect(takeAll(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  });

  it('puts a new group behind those that wait already, and before their second items', () => {
    const queue = queueOf(10, 'a1', 'a2', 'a3');
    expect(queue.take()).toBe('a1');
    queue.push('b1');
    expect(takeAll(queue)).toEqual(['a2', 'b1', 'a3']);
  });

  it('hands out no more items of a group than may be taken at the same time', () => {
    const queue = queueOf(2, 'a1', 'a2', 'a3', 'b1');
    expect(takeAll(queue)).toEqual(['a1', 'b1', 'a2']);
    expect(queue.takenOf('a')).toBe(2);
    queue.release('a1');
    expect(takeAll(queue)).toEqual(['a3']);
  });

  it('counts what is queued, of all groups and of one', () => {
    const queue = queueOf(1, 'a1', 'a2', 'b1');
    expect([queue.length, queue.lengthOf('a'), queue.lengthOf('b'), queue.lengthOf('c')]).toEqual([
      3, 2, 1, 0,
    ]);
    queue.take();
    expect([queue.length, queue.lengthOf('a')]).toEqual([2, 1]);
  });

  it('removes an item that is still queued, and ignores any other', () => {
    const queue = queueOf(10, 'a1', 'a2', 'b1');
    for (const item of ['a1', 'a1', 'c1']) queue.remove(item);
    expect(queue.length).toBe(2);
    expect(takeAll(queue)).toEqual(['a2', 'b1']);
  });

  it('is empty after it was cleared', () => {
    const queue = queueOf(10, 'a1', 'b1');
    queue.clear();
    expect([queue.length, queue.take()]).toEqual([0, undefined]);
  });
});
