import { vi } from 'vitest';

/** Resolves once the checks hold. Only a defect reaches the limit, however busy the machine is. */
export function eventually<T>(checks: () => T | Promise<T>, timeout = 60_000): Promise<T> {
  return vi.waitFor(checks, { timeout, interval: 20 });
}
