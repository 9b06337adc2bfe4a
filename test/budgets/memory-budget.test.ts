import { describe, expect, it } from 'vitest';
import { defaultMemoryBudget } from '../../src/budgets/heap.ts';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { TooManyRequests, Unavailable } from '../../src/errors.ts';

const RETRY = { extensions: { retryAfterSeconds: 1 } };

describe('MemoryBudget', () => {
  it('gives a user half of it at most, in one reservation or in many', () => {
    const budget = new MemoryBudget(100);
    budget.reserve('a', 20).grow(30);
    expect(() => budget.reserve('a', 1)).toThrow(
      expect.objectContaining({ ...RETRY, name: TooManyRequests.name }),
    );
    expect(() => new MemoryBudget(100).reserve('b', 51)).toThrow(TooManyRequests);
    expect(budget.reserve('b', 50).bytes).toBe(50);
  });

  it('is unavailable to everybody when all of it is used', () => {
    const budget = new MemoryBudget(100);
    for (const user of ['a', 'b', 'c']) budget.reserve(user, 33);
    expect(() => budget.reserve('d', 2)).toThrow(
      expect.objectContaining({ ...RETRY, name: Unavailable.name }),
    );
    expect(budget.reserved).toBe(99);
  });

  it('reserves nothing where it refuses', () => {
    const budget = new MemoryBudget(100);
    const reservation = budget.reserve('a', 40);
    expect(() => reservation.grow(11)).toThrow(TooManyRequests);
    expect([reservation.bytes, budget.reserved]).toEqual([40, 40]);
  });

  it('has all of it again after each release, which counts once', () => {
    const budget = new MemoryBudget(100);
    const [first, second] = [budget.reserve('a', 30), budget.reserve('a', 20)];
    first.release();
    first.release();
    expect(budget.reserved).toBe(20);
    second.release();
    expect(budget.reserved).toBe(0);
    expect(budget.reserve('a', 50).bytes).toBe(50);
  });

  it('counts nothing towards a reservation that was released', () => {
    const budget = new MemoryBudget(100);
    const reservation = budget.reserve('a', 30);
    reservation.release();
    reservation.grow(40);
    reservation.release();
    expect([reservation.bytes, budget.reserved]).toEqual([0, 0]);
  });

  it('is by default a fifth of what the heap may have', () => {
    const budget = defaultMemoryBudget();
    expect(budget).toBeGreaterThan(0);
    expect(Number.isInteger(budget)).toBe(true);
  });
});
