import { describe, expect, it } from 'vitest';
import { CpuShares } from '../../src/budgets/cpu-shares.ts';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { isOverBudget, RequestBudget, type RequestLimits } from '../../src/budgets/request-budget.ts';
import { QueryTooComplex, TooManyRequests } from '../../src/errors.ts';

const NEVER = new AbortController().signal;

function budgetOf(limits: Partial<RequestLimits>, memory = new MemoryBudget(10_000)) {
  const all = { calls: 10, concurrentCalls: 10, bytesRead: 1_000, bytesKept: 1_000, ...limits };
  return { memory, budget: new RequestBudget('a', all, memory, new CpuShares()) };
}

const tooComplex = (limit: string, maximum: number) =>
  expect.objectContaining({ name: QueryTooComplex.name, extensions: { limit, maximum } });

describe('RequestBudget', () => {
  it('counts calls, retries too, and refuses those beyond its limit', async () => {
    const { budget } = budgetOf({ calls: 3 });
    expect(await budget.call(NEVER, async () => 'result')).toBe('result');
    expect(budget.retry()).toBe(true);
    expect(budget.callsLeft).toBe(1);
    await budget.call(NEVER, async () => {});
    expect(budget.retry()).toBe(false);
    await expect(budget.call(NEVER, async () => {})).rejects.toEqual(tooComplex('clusterCalls', 3));
  });

  it('counts calls that fail', async () => {
    const { budget } = budgetOf({ calls: 1 });
    await expect(budget.call(NEVER, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(budget.callsLeft).toBe(0);
  });

  it('runs a few calls at once, the others when one of them has ended', async () => {
    const { budget } = budgetOf({ concurrentCalls: 2 });
    let [inFlight, most] = [0, 0];
    const call = () =>
      budget.call(NEVER, async () => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
      });
    await Promise.all(Array.from({ length: 7 }, call));
    expect(most).toBe(2);
  });

  it('counts bytes that are read, in all responses together', () => {
    const { budget, memory } = budgetOf({ bytesRead: 100 });
    const first = budget.reading();
    first.grow(60);
    expect([first.bytes, memory.reserved]).toEqual([60, 60]);
    first.release();
    const second = budget.reading();
    second.grow(40);
    expect(() => second.grow(1)).toThrow(tooComplex('bytesRead', 100));
    second.release();
    expect(memory.reserved).toBe(0);
  });

  it('counts bytes that are kept, and gives back those that are not kept any more', () => {
    const { budget, memory } = budgetOf({ bytesKept: 100 });
    budget.keep(90);
    expect(budget.bytesLeft).toBe(10);
    expect(() => budget.keep(11)).toThrow(tooComplex('bytesKept', 100));
    budget.keep(-50);
    budget.keep(60);
    expect([budget.bytesLeft, memory.reserved]).toEqual([0, 100]);
  });

  it('has no room for a page when nearly all that it may keep is used', () => {
    const { budget } = budgetOf({ bytesKept: 640 });
    budget.keep(630);
    budget.assertRoom();
    budget.keep(1);
    expect(() => budget.assertRoom()).toThrow(tooComplex('bytesKept', 640));
  });

  it("takes what it keeps and reads from the user's part of the memory", () => {
    const { budget } = budgetOf({}, new MemoryBudget(200));
    budget.keep(90);
    const reading = budget.reading();
    expect(() => reading.grow(11)).toThrow(TooManyRequests);
  });

  it('keeps nothing after it was released, not even what a late write returns', () => {
    const { budget, memory } = budgetOf({});
    budget.keep(100);
    budget.release();
    budget.keep(100);
    expect(memory.reserved).toBe(0);
  });

  it('is over budget only by its own limits', () => {
    expect(isOverBudget(new QueryTooComplex('', { limit: 'bytesKept' }))).toBe(true);
    expect(isOverBudget(new QueryTooComplex(''))).toBe(false);
    expect(isOverBudget(new TooManyRequests(''))).toBe(false);
  });
});
