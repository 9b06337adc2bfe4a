import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CpuShares } from '../../src/budgets/cpu-shares.ts';
import { Timeout } from '../../src/errors.ts';

const NEVER = new AbortController().signal;

describe('CpuShares', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const shares = () => new CpuShares({ share: 0.5, burstMs: 20, activeMs: 1_000 });

  it('lets a user wait that has taken more than its share, until it is within it', async () => {
    const cpu = shares();
    cpu.turn('b', NEVER);
    cpu.charge('a', 60);
    let waited = false;
    const turn = cpu.turn('a', NEVER)?.then(() => {
      waited = true;
    });
    // At a half of the time, 60 ms are paid for after 120 ms, and 20 ms may be owed.
    await vi.advanceTimersByTimeAsync(79);
    expect(waited).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    await turn;
    expect(waited).toBe(true);
  });

  it('lets nobody wait who is alone, or within the share', () => {
    const cpu = shares();
    cpu.charge('a', 500);
    expect(cpu.turn('a', NEVER)).toBeUndefined();
    expect(cpu.turn('b', NEVER)).toBeUndefined();
    cpu.charge('b', 19);
    expect(cpu.turn('b', NEVER)).toBeUndefined();
  });

  it('forgets other users when they have been inactive', async () => {
    const cpu = shares();
    cpu.turn('b', NEVER);
    await vi.advanceTimersByTimeAsync(1_001);
    cpu.charge('a', 500);
    expect(cpu.turn('a', NEVER)).toBeUndefined();
  });

  it('ends the wait of a request whose signal aborts', async () => {
    const cpu = shares();
    cpu.turn('b', NEVER);
    cpu.charge('a', 500);
    const ends = new AbortController();
    const turn = cpu.turn('a', ends.signal);
    ends.abort();
    await expect(turn).rejects.toThrow(Timeout);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts the time of a step that fails', () => {
    const cpu = shares();
    cpu.turn('b', NEVER);
    const fail = () => {
      vi.advanceTimersByTime(100);
      throw new Error('failed');
    };
    expect(() => cpu.measure('a', fail)).toThrow('failed');
    expect(cpu.turn('a', NEVER)).toBeDefined();
  });
});
