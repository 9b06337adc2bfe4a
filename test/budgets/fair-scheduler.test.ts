import { describe, expect, it } from 'vitest';
import { FairScheduler, type SchedulerLimits } from '../../src/budgets/fair-scheduler.ts';
import { Timeout, TooManyRequests, Unavailable } from '../../src/errors.ts';

const NEVER = new AbortController().signal;

/** A scheduler, and calls that end when the test says so. */
function schedule(limits: Partial<SchedulerLimits> = {}) {
  const scheduler = new FairScheduler({
    concurrency: 1,
    concurrencyPerUser: 1,
    queuedPerUser: 100,
    queued: 100,
    ...limits,
  });
  const started: string[] = [];
  const running: (() => void)[] = [];
  const call = (name: string, signal = NEVER) =>
    scheduler.run(name.charAt(0), signal, async () => {
      started.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      running.push(resolve);
      await promise;
      return name;
    });
  /** Ends the call that has run longest. */
  const endOne = async () => {
    await settled();
    running.shift()?.();
    await settled();
  };
  return { scheduler, started, call, endOne };
}

/** What follows from settled promises has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('FairScheduler', () => {
  it('gives the next turn to another user, however many calls the first one has queued', async () => {
    const { started, call, endOne } = schedule();
    const calls = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => call(name));
    for (const _ of calls) await endOne();
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
    expect(await Promise.all(calls)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  });

  it('leaves turns free that the only user may not have', async () => {
    const { scheduler, started, call } = schedule({ concurrency: 4, concurrencyPerUser: 2 });
    void [call('a1'), call('a2'), call('a3'), call('b1')];
    await settled();
    expect(started).toEqual(['a1', 'a2', 'b1']);
    expect(scheduler.figures).toMatchObject({ inFlight: 3, queued: 1 });
  });

  it('refuses a call of a user whose queue is full, and none of another user', async () => {
    const { scheduler, call } = schedule({ queuedPerUser: 1 });
    void [call('a1'), call('a2')];
    await expect(call('a3')).rejects.toMatchObject({
      name: TooManyRequests.name,
      extensions: { retryAfterSeconds: 1 },
    });
    void call('b1');
    await settled();
    expect(scheduler.figures).toMatchObject({ queued: 2, refusedByUser: 1, refusedByProcess: 0 });
  });

  it('refuses a further call of any user while the queue of all users is full', async () => {
    const { scheduler, call } = schedule({ queued: 2 });
    void [call('a1'), call('a2'), call('b1')];
    await expect(call('b2')).rejects.toThrow(Unavailable);
    expect(scheduler.figures).toMatchObject({ queued: 2, refusedByProcess: 1 });
  });

  it("refuses nobody's only call because others have filled the queue", async () => {
    const { scheduler, started, call, endOne } = schedule({ queued: 2 });
    void [call('a1'), call('a2'), call('a3')];
    const only = call('c1');
    await expect(call('c2')).rejects.toThrow(Unavailable);
    for (let n = 0; n < 4; n += 1) await endOne();
    expect(await only).toBe('c1');
    expect(started).toEqual(['a1', 'a2', 'c1', 'a3']);
    expect(scheduler.figures).toMatchObject({ inFlight: 0, refusedByUser: 0, refusedByProcess: 1 });
  });

  it('refuses nothing that need not wait, even if nothing may wait', async () => {
    const { started, call } = schedule({
      concurrency: 2,
      concurrencyPerUser: 2,
      queued: 0,
      queuedPerUser: 0,
    });
    void [call('a1'), call('a2')];
    await settled();
    expect(started).toEqual(['a1', 'a2']);
  });

  it('drops a queued call whose signal aborts, and the queue has room again', async () => {
    const { scheduler, started, call, endOne } = schedule({ queuedPerUser: 1 });
    const ends = new AbortController();
    const first = call('a1');
    const dropped = call('a2', ends.signal);
    ends.abort();
    await expect(dropped).rejects.toThrow(Timeout);
    const next = call('a3');
    await endOne();
    await endOne();
    expect(await Promise.all([first, next])).toEqual(['a1', 'a3']);
    expect(started).toEqual(['a1', 'a3']);
    expect(scheduler.figures).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('starts nothing for a signal that has aborted already', async () => {
    const { scheduler, started, call } = schedule();
    await expect(call('a1', AbortSignal.abort())).rejects.toThrow(Timeout);
    expect(started).toEqual([]);
    expect(scheduler.figures).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('keeps the turn of a call whose signal aborts until the call has ended', async () => {
    const { scheduler, started, call, endOne } = schedule();
    const ends = new AbortController();
    void call('a1', ends.signal);
    void call('b1');
    await settled();
    ends.abort();
    await settled();
    expect(started).toEqual(['a1']);
    await endOne();
    expect(started).toEqual(['a1', 'b1']);
    expect(scheduler.figures.inFlight).toBe(1);
  });

  it('gives the turn of a call that fails to the next', async () => {
    const { scheduler, call, endOne } = schedule();
    const failing = scheduler.run('a', NEVER, async () => {
      throw new Error('failed');
    });
    const next = call('b1');
    await expect(failing).rejects.toThrow('failed');
    await endOne();
    expect(await next).toBe('b1');
    expect(scheduler.figures).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('takes a turn back once, however often it is released', async () => {
    const { scheduler } = schedule({ concurrency: 2, concurrencyPerUser: 2 });
    const release = await scheduler.acquire('a', NEVER);
    await scheduler.acquire('a', NEVER);
    release();
    release();
    expect(scheduler.figures.inFlight).toBe(1);
  });

  it('reports how many calls of others a user without any call in flight had to wait for', async () => {
    const { scheduler, call, endOne } = schedule();
    const calls = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => call(name));
    for (const _ of calls) await endOne();
    await Promise.all(calls);
    // c1 came when a2 and b1 were before it.
    expect(scheduler.figures.longestWait).toBe(2);
  });
});
