import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  inactiveInMs,
  isStopRequested,
  isWanted,
  requestHasFailed,
  stoppedReasonOf,
  wasStarted,
} from '../../../src/sessions/status/desired-state.ts';
import { type Fields, session } from '../objects.ts';

const DESIRED = 'ambient-code.io/desired-phase';
const STARTED = 'ambient-code.io/start-requested-at';
const STOPPED = 'ambient-code.io/stop-requested-at';
const INACTIVE = 'ambient-code.io/stopped-inactive-at';
const AT = '2026-03-01T10:30:00.000Z';

const annotated = (annotations: Fields, metadata: Fields = {}) =>
  session({ metadata: { annotations, ...metadata } });

describe('a run is wanted', () => {
  it.each([
    ['if the session desires it', true, annotated({ [DESIRED]: 'Running' })],
    [
      'whatever the status says',
      true,
      session({ metadata: { annotations: { [DESIRED]: 'Running' } }, status: { phase: 'Failed' } }),
    ],
    ['not without annotations', false, session()],
    ['not without the annotation', false, annotated({ [STARTED]: AT })],
    ['not if the session desires none', false, annotated({ [DESIRED]: 'Stopped' })],
    ['not for another case', false, annotated({ [DESIRED]: 'running' })],
    ['not for an empty value', false, annotated({ [DESIRED]: '' })],
    [
      'not while the session is being deleted',
      false,
      annotated({ [DESIRED]: 'Running' }, { deletionTimestamp: AT }),
    ],
    ['not by the status alone', false, session({ status: { phase: 'Running' } })],
  ])('%s', (_, expected, stored) => {
    expect(isWanted(stored)).toBe(expected);
  });
});

describe('a session was started', () => {
  it.each([
    ['if a start was requested', true, annotated({ [STARTED]: AT })],
    ['if a start was requested at an odd time', true, annotated({ [STARTED]: 'odd' })],
    ['if a stop was requested', true, annotated({ [STOPPED]: AT })],
    ['if it has a start time', true, session({ status: { startTime: AT } })],
    ['not without any of it', false, session({ status: { phase: 'Running' } })],
    ['not without a status', false, session()],
    ['not with a status that is null', false, session({ status: null })],
    ['not with an empty start request', false, annotated({ [STARTED]: '' })],
    [
      'not with a start request that is no timestamp by its length',
      false,
      annotated({ [STARTED]: 'x'.repeat(65) }),
    ],
    ['not by desiring a run', false, annotated({ [DESIRED]: 'Running' })],
  ])('%s', (_, expected, stored) => {
    expect(wasStarted(stored)).toBe(expected);
  });
});

describe('the latest request was a stop', () => {
  const BEFORE = '2026-03-01T10:29:59.999Z';
  const stopped = { [DESIRED]: 'Stopped' };
  it.each([
    ['if no start came after it', true, { ...stopped, [STARTED]: BEFORE, [STOPPED]: AT }],
    ['if both have the same time', true, { ...stopped, [STARTED]: AT, [STOPPED]: AT }],
    ['if there was no start', true, { ...stopped, [STOPPED]: AT }],
    ['if the start has no time that can be read', true, { ...stopped, [STARTED]: 'soon', [STOPPED]: AT }],
    ['unless a start came after it', false, { ...stopped, [STARTED]: AT, [STOPPED]: BEFORE }],
    ['unless a run is desired', false, { [DESIRED]: 'Running', [STARTED]: BEFORE, [STOPPED]: AT }],
    [
      'unless none is recorded: the controller sets Stopped after a run',
      false,
      { ...stopped, [STARTED]: AT },
    ],
    ['unless its time cannot be read', false, { ...stopped, [STOPPED]: 'soon' }],
    ['unless there are no annotations', false, undefined],
  ])('%s', (_, expected, annotations) => {
    expect(isStopRequested(session({ metadata: { annotations } }))).toBe(expected);
  });
});

describe('a session was stopped', () => {
  it.each([
    ['by the user', 'user', { [STOPPED]: AT }],
    ['after its inactivity if both times are the same', 'inactivity', { [STOPPED]: AT, [INACTIVE]: AT }],
    [
      'by the user after an earlier inactivity',
      'user',
      { [STOPPED]: AT, [INACTIVE]: '2026-03-01T10:29:00.000Z' },
    ],
    [
      'by the user for the same moment in another form',
      'user',
      { [STOPPED]: AT, [INACTIVE]: '2026-03-01T10:30:00Z' },
    ],
    ['by the user if no stop was requested', 'user', { [INACTIVE]: AT }],
    ['by the user without annotations', 'user', undefined],
  ])('%s', (_, expected, annotations) => {
    expect(stoppedReasonOf(session({ metadata: { annotations } }))).toBe(expected);
  });
});

describe('the request that was to create the run', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-03-01T11:00:00Z'), toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const failed = (fields: Fields = {}) => ({
    type: 'RunCreated',
    status: 'False',
    lastTransitionTime: '2026-03-01T10:31:00Z',
    ...fields,
  });

  it.each([
    ['has failed after the start', true, AT, [failed()]],
    ['has failed at the time of the start', true, AT, [failed({ lastTransitionTime: AT })]],
    ['has failed now', true, AT, [failed({ lastTransitionTime: '2026-03-01T11:00:00Z' })]],
    [
      'has failed at the time of a start by a clock ahead',
      true,
      '2026-03-01T11:00:05Z',
      [failed({ lastTransitionTime: '2026-03-01T11:00:05Z' })],
    ],
    ['has failed behind other conditions', true, AT, [{ type: 'Other', status: 'True' }, failed()]],
    [
      'has not failed if that was before the start',
      false,
      AT,
      [failed({ lastTransitionTime: '2026-03-01T10:29:59.999Z' })],
    ],
    [
      'has not failed if that is in the future',
      false,
      AT,
      [failed({ lastTransitionTime: '2026-03-01T11:00:00.001Z' })],
    ],
    [
      'has not failed if that is behind a start by a clock ahead',
      false,
      '2026-03-01T11:00:05Z',
      [failed({ lastTransitionTime: '2026-03-01T11:00:06Z' })],
    ],
    ['has not failed if the run was created', false, AT, [failed({ status: 'True' })]],
    ['has not failed if that is unknown', false, AT, [failed({ status: 'Unknown' })]],
    ['has not failed for a status of another type', false, AT, [failed({ status: false })]],
    ['has not failed by another condition', false, AT, [failed({ type: 'RunHealthy' })]],
    ['has not failed at an odd time', false, AT, [failed({ lastTransitionTime: 'noon' })]],
    ['has not failed at no time', false, AT, [failed({ lastTransitionTime: undefined })]],
    ['has not failed without a condition', false, AT, []],
    ['has not failed for conditions of another type', false, AT, 'RunCreated'],
    ['has not failed without a start', false, undefined, [failed()]],
    ['has not failed for an odd start', false, 'noon', [failed()]],
    ['has not failed for an empty start', false, '', [failed()]],
  ])('%s', (_, expected, startRequestedAt, conditions: unknown) => {
    const metadata = { annotations: { [STARTED]: startRequestedAt } };
    expect(requestHasFailed(session({ metadata, status: { conditions } }))).toBe(expected);
  });
});

describe('a session counts as inactive', () => {
  const STARTED_AT = '2026-03-01T10:00:00Z';
  const NOW = Date.parse('2026-03-01T10:10:00Z');
  const minutes = 60_000;

  it.each([
    ['after its timeout since the start', 50 * minutes, 3_600, undefined],
    ['after its timeout since the last activity', 55 * minutes, 3_600, '2026-03-01T10:05:00Z'],
    ['after its timeout since an activity now', 60 * minutes, 3_600, '2026-03-01T10:10:00Z'],
    ['since now for an activity in the future', 60 * minutes, 3_600, '2099-01-01T00:00:00Z'],
    ['since the start for an activity before it', 50 * minutes, 3_600, '2026-03-01T09:00:00Z'],
    ['since the start for an odd activity', 50 * minutes, 3_600, 'noon'],
    ['since some time already', -9 * minutes, 60, undefined],
    ['since this moment', 0, 600, undefined],
    ['after the default without a timeout', 20 * minutes, undefined, undefined],
    ['after the default for a timeout that is null', 20 * minutes, null, undefined],
    ['never for a timeout of 0', undefined, 0, undefined],
    ['never for a negative timeout', undefined, -1, undefined],
    ['never for a timeout that is text', undefined, '60', undefined],
    ['never for a timeout that is a list', undefined, [60], undefined],
  ])('%s', (_, expected, inactivityTimeout, lastActivityTime) => {
    const stored = session({ spec: { inactivityTimeout }, status: { lastActivityTime } });
    expect(inactiveInMs(stored, 1_800, STARTED_AT, NOW)).toBe(expected);
  });

  it.each([
    ['without a spec', undefined],
    ['with a spec that is null', null],
    ['with a spec that is text', 'x'],
  ])('after the default %s', (_, spec) => {
    expect(inactiveInMs(session({ spec }), 1_800, STARTED_AT, NOW)).toBe(20 * minutes);
  });

  it.each([
    ['for a default of 0', 0, STARTED_AT],
    ['before the start', 1_800, undefined],
    ['for an odd start', 1_800, 'noon'],
  ])('never %s', (_, defaultSeconds, startTime) => {
    expect(inactiveInMs(session(), defaultSeconds, startTime, NOW)).toBeUndefined();
  });

  it('after its timeout since a start by a clock ahead', () => {
    expect(inactiveInMs(session(), 60, '2026-03-01T10:11:00Z', NOW)).toBe(2 * minutes);
  });
});
