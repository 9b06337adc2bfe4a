import { useSyncExternalStore } from 'react';

const EVERY_MS = 5_000;

/** One timer for all that show the time, while any do. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** The present time in ms, to about five seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => (timer === undefined ? currentSecond() : now));
}

/** A snapshot may not change between two reads of the same moment. */
function currentSecond(): number {
  if (Date.now() - now > EVERY_MS) now = Date.now();
  return now;
}
