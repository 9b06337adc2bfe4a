import { expect } from 'vitest';
import type { ProxiedRequest, Rule } from '../../support/cluster-proxy.ts';

/** Polls until it is true; a test that waits for it fails only at the limit of a busy machine. */
export const PATIENT = { timeout: 60_000, interval: 10 };

/** Calls that the cluster does not answer until the test says so, and how many of them are in flight. */
export function holdCalls(isHeld: (request: ProxiedRequest) => boolean) {
  const held: ProxiedRequest[] = [];
  const waiting: (() => void)[] = [];
  let [inFlight, mostInFlight] = [0, 0];
  let isOver = false;
  const rule: Rule = async (request, forward) => {
    if (!isHeld(request)) return forward();
    held.push(request);
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    if (!isOver) await new Promise<void>((resolve) => waiting.push(resolve));
    return forward().finally(() => {
      inFlight -= 1;
    });
  };
  return {
    rule,
    /** All such calls so far. */
    held,
    mostInFlight: () => mostInFlight,
    /** Waits until so many have been held. */
    until: (count: number) => expect.poll(() => held.length, PATIENT).toBeGreaterThanOrEqual(count),
    releaseOne: () => waiting.shift()?.(),
    releaseAll() {
      isOver = true;
      for (const release of waiting.splice(0)) release();
    },
  };
}
