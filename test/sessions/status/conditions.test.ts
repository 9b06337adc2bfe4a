import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/kubernetes/resources.ts';
import {
  conditionsWith,
  notBeforeCreation,
  storedConditions,
} from '../../../src/sessions/status/conditions.ts';
import { RUN_EXISTS, runReason } from '../../../src/sessions/status/run-reason.ts';
import { type Fields, session } from '../objects.ts';

const CREATED = '2026-03-01T10:00:00Z';
const BEFORE = '2026-03-01T10:30:00.250Z';
const NOW = '2026-03-01T11:00:00.500Z';
const now = new Date(NOW);

const withConditions = (...conditions: unknown[]) => session({ status: { conditions } });
const healthy = (fields: Fields = {}) => ({
  type: 'RunHealthy',
  status: 'True',
  reason: 'Running',
  message: 'It runs',
  lastTransitionTime: BEFORE,
  observedGeneration: 1,
  ...fields,
});
const RUNNING = runReason('Running');
const timeOf = (conditions: Condition[]) =>
  conditions.find(({ type }) => type === 'RunHealthy')?.lastTransitionTime;

describe('stored conditions', () => {
  it.each([
    ['no status', undefined],
    ['a status that is null', null],
    ['a status that is text', 'Running'],
    ['an empty status', {}],
    ['conditions that are null', { conditions: null }],
    ['conditions that are text', { conditions: 'RunCreated' }],
    ['conditions that are a map', { conditions: { length: 1 } }],
  ])('are none for %s', (_, status) => {
    expect(storedConditions(session({ status }))).toEqual([]);
    expect(conditionsWith(session({ status }), { RunCreated: RUN_EXISTS }, now)).toHaveLength(1);
  });
});

describe("Writ's conditions", () => {
  it('have the reason, the message, the generation and the time in milliseconds', () => {
    expect(conditionsWith(session(), { RunHealthy: RUNNING }, now)).toEqual([
      { type: 'RunHealthy', ...RUNNING, lastTransitionTime: NOW, observedGeneration: 2 },
    ]);
  });

  it('have no generation if the session has none', () => {
    const stored = session({ metadata: { generation: undefined } });
    expect(conditionsWith(stored, { RunHealthy: RUNNING }, now)[0]).not.toHaveProperty('observedGeneration');
  });

  it.each([
    ['is the same', healthy(), BEFORE],
    ['is the same for another reason', healthy({ reason: 'Completed', message: 's3cret' }), BEFORE],
    ['is the same since the session was created', healthy({ lastTransitionTime: CREATED }), CREATED],
    ['is the same since now', healthy({ lastTransitionTime: NOW }), NOW],
    ['was another', healthy({ status: 'False' }), NOW],
    ['was absent', healthy({ status: undefined }), NOW],
    ['was of another type', healthy({ status: true }), NOW],
    ['is the same since before the session', healthy({ lastTransitionTime: '2026-03-01T09:59:59Z' }), NOW],
    ['is the same since the future', healthy({ lastTransitionTime: '2026-03-01T11:00:00.501Z' }), NOW],
    ['is the same since an odd time', healthy({ lastTransitionTime: 'yesterday' }), NOW],
    ['is the same since no time', healthy({ lastTransitionTime: undefined }), NOW],
    ['is the same since an empty time', healthy({ lastTransitionTime: '' }), NOW],
    ['is that of another condition', healthy({ type: 'Other' }), NOW],
  ])('have their lastTransitionTime when the status %s', (_, stored, time) => {
    const conditions = conditionsWith(withConditions(stored), { RunHealthy: RUNNING }, now);
    expect(timeOf(conditions)).toBe(time);
    expect(conditions.find(({ type }) => type === 'RunHealthy')).toMatchObject(RUNNING);
  });

  it.each([
    ['from before the run has the time of now', '2026-03-01T10:30:00.251Z', NOW],
    ['from the beginning of the run keeps its time', BEFORE, BEFORE],
    ['from the run keeps its time', '2026-03-01T10:30:00Z', BEFORE],
  ])('%s', (_, since, time) => {
    const conditions = conditionsWith(
      withConditions(healthy()),
      { RunHealthy: RUNNING },
      now,
      Date.parse(since),
    );
    expect(timeOf(conditions)).toBe(time);
  });

  it('keep any time before now if the session has no creation time', () => {
    const stored = session({
      metadata: { creationTimestamp: 'odd' },
      status: { conditions: [healthy({ lastTransitionTime: '1999-01-01T00:00:00Z' })] },
    });
    expect(timeOf(conditionsWith(stored, { RunHealthy: RUNNING }, now))).toBe('1999-01-01T00:00:00Z');
  });
});

describe('the list of conditions', () => {
  const others = (length: number) =>
    Array.from({ length }, (_, n) => ({ type: `Other${n}`, status: 'True', message: 'theirs' }));
  const types = (conditions: Condition[]) => conditions.map(({ type }) => type);
  const own = { RunHealthy: RUNNING, RunCreated: RUN_EXISTS };

  it('keeps its order and what is not set', () => {
    const [first, second] = others(2);
    const stored = withConditions(first, healthy(), second);
    const conditions = conditionsWith(stored, own, now);
    expect(types(conditions)).toEqual(['Other0', 'RunHealthy', 'Other1', 'RunCreated']);
    expect(conditions[0]).toEqual(first);
  });

  it('is the same if nothing is set', () => {
    const stored = [...others(3), healthy()];
    expect(conditionsWith(withConditions(...stored), {}, now)).toEqual(stored);
  });

  it.each([
    ['with room for all', 62, 64],
    ['that is full', 64, 64],
    ['that is longer than it may be', 100, 64],
  ])('of a status %s has Writ\u2019s conditions', (_, length, expected) => {
    const conditions = conditionsWith(withConditions(...others(length)), own, now);
    expect(conditions).toHaveLength(expected);
    expect(types(conditions).slice(-3)).toEqual(['Other61', 'RunHealthy', 'RunCreated']);
  });

  it('drops no condition that Writ sets, wherever it is', () => {
    const stored = withConditions(...others(70), healthy(), { type: 'RunCreated', status: 'False' });
    const conditions = conditionsWith(stored, own, now);
    expect(types(conditions)).toEqual([...types(others(62)), 'RunHealthy', 'RunCreated']);
    expect(conditions.slice(-2)).toMatchObject([RUNNING, RUN_EXISTS]);
  });

  it('keeps the condition in front of those that it drops', () => {
    const stored = withConditions(healthy(), ...others(70));
    expect(types(conditionsWith(stored, { RunHealthy: RUNNING }, now))).toEqual([
      'RunHealthy',
      ...types(others(63)),
    ]);
  });
});

describe('the time of a change', () => {
  it.each([
    ['is now', CREATED, NOW],
    [
      'is the creation if the clock of the API server is ahead',
      '2026-03-01T12:00:00Z',
      '2026-03-01T12:00:00.000Z',
    ],
    ['is now if the creation time is odd', 'odd', NOW],
  ])('%s', (_, creationTimestamp, time) => {
    expect(notBeforeCreation({ metadata: { creationTimestamp } }, now).toISOString()).toBe(time);
  });
});
