import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type StatusInput, statusPatch } from '../../../src/sessions/status/session-status.ts';
import { type Fields, job, pod, session } from '../objects.ts';

export const CREATED = '2026-03-01T10:00:00Z';
export const STARTED = '2026-03-01T10:05:00Z';
export const STOPPED = '2026-03-01T10:30:00Z';
export const ENDED = '2026-03-01T10:45:00Z';
export const NOW = '2026-03-01T11:00:00Z';
export const LATER = '2026-03-01T11:10:00Z';

export const pending = job();
export const started = job({ status: { startTime: STARTED, active: 1 } });
export const complete = finished('Complete', { completionTime: ENDED });
export const failed = finished('Failed', { lastTransitionTime: ENDED });
export const deleted = { deletionTimestamp: STOPPED };
export const running = pod({ phase: 'Running' });
export const stopped = { phase: 'Stopped', completionTime: STOPPED, stoppedReason: 'user' };

/** A Job that has finished at these times: its completionTime, its condition's lastTransitionTime, or neither. */
export function finished(type: string, times: Fields, metadata: Fields = {}) {
  const { completionTime, lastTransitionTime } = times;
  const condition = { type, status: 'True', ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
  const status = {
    startTime: STARTED,
    conditions: [condition],
    ...(completionTime !== undefined && { completionTime }),
  };
  return job({ metadata, status });
}

/** What is known of the runs: nothing but these parts. */
export function inputOf(parts: Partial<StatusInput>): StatusInput {
  return {
    job: undefined,
    deletedJob: undefined,
    pods: [],
    isWanted: false,
    wasStarted: false,
    stoppedReason: 'user',
    secretKeys: [],
    ...parts,
  };
}

/** The status after a merge patch. */
export function patched(status: Fields, patch: object = {}): Fields {
  const entries = Object.entries({ ...status, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}

/** The status before, what is known of the runs, what changes in the status, and the reason of RunHealthy. */
export type Row = [
  title: string,
  before: Fields,
  input: Partial<StatusInput>,
  change: Fields,
  health?: string,
];

/** One test for each row, at the time NOW. */
export function itPatches(rows: Row[]): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(rows)('%s', (_, before, input, change, health) => {
    const status = { observedGeneration: 2, ...before };
    const patch = statusPatch(session({ status }), inputOf(input), new Date(NOW));
    const { conditions, ...fields } = patch ?? {};
    expect(fields).toEqual(change);
    const time = { lastTransitionTime: '2026-03-01T11:00:00.000Z' };
    const condition = expect.objectContaining({ type: 'RunHealthy', reason: health, ...time });
    expect(conditions).toEqual(health && [condition]);

    // Level-triggered: the next pass changes nothing.
    const next = session({ status: patched(status, patch) });
    expect(statusPatch(next, inputOf(input), new Date(LATER))).toBeUndefined();
  });
}
