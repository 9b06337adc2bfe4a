import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Condition } from '../../../src/kubernetes/resources.ts';
import { RUN_EXISTS, runReason } from '../../../src/sessions/status/run-reason.ts';
import { type StatusInput, statusPatch } from '../../../src/sessions/status/session-status.ts';
import { container, type Fields, job, pod, session } from '../objects.ts';

const CREATED = '2026-03-01T10:00:00Z';
const STARTED = '2026-03-01T10:05:00Z';
const STOPPED = '2026-03-01T10:30:00Z';
const ENDED = '2026-03-01T10:45:00Z';
const NOW = '2026-03-01T11:00:00Z';
const LATER = '2026-03-01T11:10:00Z';

const finished = (type: string, times: Fields = { lastTransitionTime: ENDED }, metadata: Fields = {}) => {
  const { lastTransitionTime, ...jobTimes } = times;
  const conditions = [
    { type, status: 'True', ...(lastTransitionTime !== undefined && { lastTransitionTime }) },
  ];
  return job({ metadata, status: { startTime: STARTED, ...jobTimes, conditions } });
};
const pending = job();
const started = job({ status: { startTime: STARTED, active: 1 } });
const complete = finished('Complete', { completionTime: ENDED });
const failed = finished('Failed');
const deleted = { deletionTimestamp: STOPPED };
const running = pod({ phase: 'Running' });
const failure = runReason('OutOfMemory');
const stopped = { phase: 'Stopped', completionTime: STOPPED, stoppedReason: 'user' };

function inputOf(parts: Partial<StatusInput>): StatusInput {
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

function patched(status: Fields, patch: object = {}): Fields {
  const entries = Object.entries({ ...status, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Row = [title: string, before: Fields, input: Partial<StatusInput>, change: Fields, health?: string];

/** The status before, what is known of the run, what changes in the status, and the reason of RunHealthy. */
const ROWS: Row[] = [
  // A run is wanted.
  ['with no Job yet is Pending if a run is wanted', {}, { isWanted: true }, { phase: 'Pending' }],
  [
    'with no Job yet forgets why it was stopped before',
    stopped,
    { isWanted: true },
    { phase: 'Pending', stoppedReason: null },
  ],
  [
    'with no Job is Pending, whatever became of a deleted one',
    { phase: 'Running' },
    { isWanted: true, deletedJob: started },
    { phase: 'Pending' },
  ],
  ['with a Job is Creating', {}, { job: pending, isWanted: true }, { phase: 'Creating' }, 'Starting'],
  [
    'with a Job that has started is Creating until its pod runs',
    {},
    { job: started, pods: [pod({ phase: 'Pending' })], isWanted: true },
    { phase: 'Creating', startTime: STARTED },
    'Starting',
  ],
  [
    'with a pod without a status is Creating',
    {},
    { job: pending, pods: [pod(undefined)], isWanted: true },
    { phase: 'Creating' },
    'Starting',
  ],
  [
    'with a pod that cannot start is Creating, with the reason',
    {},
    {
      job: pending,
      pods: [
        pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })] }),
      ],
      isWanted: true,
    },
    { phase: 'Creating' },
    'ImagePullFailed',
  ],
  [
    'with the pod of another Job is Creating',
    {},
    {
      job: pending,
      pods: [pod({ phase: 'Running' }, {}, job({ metadata: { uid: 'other' } }))],
      isWanted: true,
    },
    { phase: 'Creating' },
    'Starting',
  ],
  [
    'with a pod that runs is Running',
    {},
    { job: started, pods: [running], isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],
  [
    'with a pod that has ended before its Job is still Running',
    {},
    { job: started, pods: [pod({ phase: 'Succeeded' })], isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],
  [
    'with a pod that has failed before its Job is still Running',
    {},
    { job: started, pods: [pod({ phase: 'Failed' })], isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],
  [
    'with a Job is Creating, whatever the status says',
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED, stoppedReason: 'inactivity' },
    { job: pending, isWanted: true },
    { phase: 'Creating', startTime: null, completionTime: null, stoppedReason: null },
    'Starting',
  ],

  // The run ended by itself.
  [
    'with a Job that is complete is Completed',
    {},
    { job: complete, isWanted: true },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED },
    'Completed',
  ],
  [
    'with a Job that failed is Failed, with the reason',
    {},
    { job: failed, isWanted: true, failure },
    { phase: 'Failed', startTime: STARTED, completionTime: ENDED },
    'OutOfMemory',
  ],
  [
    'with a Job that failed for no known reason is Failed',
    {},
    { job: failed },
    { phase: 'Failed', startTime: STARTED, completionTime: ENDED },
  ],
  [
    'with a Job that is complete is Completed, even if it was stopped as well',
    stopped,
    { job: complete },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED, stoppedReason: null },
    'Completed',
  ],
  [
    'with a Job that completed while it was being deleted is Completed',
    {},
    { job: finished('Complete', { completionTime: ENDED }, deleted) },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED },
    'Completed',
  ],
  [
    'with a Job that had failed before it was deleted is Failed',
    {},
    { job: finished('Failed', { lastTransitionTime: '2026-03-01T10:29:59Z' }, deleted), failure },
    { phase: 'Failed', startTime: STARTED, completionTime: '2026-03-01T10:29:59Z' },
    'OutOfMemory',
  ],
  [
    'with a Job that says no time of its end has ended now',
    {},
    { job: finished('Failed', {}), failure },
    { phase: 'Failed', startTime: STARTED, completionTime: NOW },
    'OutOfMemory',
  ],
  [
    'with a Job that says an odd time of its end has ended now',
    {},
    { job: finished('Complete', { completionTime: 'yesterday', lastTransitionTime: 'noon' }) },
    { phase: 'Completed', startTime: STARTED, completionTime: NOW },
    'Completed',
  ],
  [
    'with a Job that says no time of its end keeps the time that was noted',
    { phase: 'Failed', startTime: STARTED, completionTime: STOPPED },
    { job: finished('Failed', {}) },
    {},
  ],
  [
    'with a condition that is not True has not finished',
    {},
    {
      job: job({ status: { startTime: STARTED, conditions: [{ type: 'Complete', status: 'False' }] } }),
      pods: [running],
      isWanted: true,
    },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],

  // The run is being stopped.
  [
    'with a Job that is not wanted is Stopping',
    { phase: 'Running', startTime: STARTED },
    { job: started, pods: [running], wasStarted: true },
    { phase: 'Stopping', stoppedReason: 'user' },
    'Stopping',
  ],
  [
    'with a Job that is not wanted after its inactivity is Stopping, with the reason',
    { phase: 'Running', startTime: STARTED },
    { job: started, pods: [running], wasStarted: true, stoppedReason: 'inactivity' },
    { phase: 'Stopping', stoppedReason: 'inactivity' },
    'Stopping',
  ],
  [
    'with a wanted Job that is being deleted is Stopping, for no reason of its own',
    { phase: 'Running', startTime: STARTED },
    { job: job({ metadata: deleted, status: { startTime: STARTED } }), pods: [running], isWanted: true },
    { phase: 'Stopping' },
    'Stopping',
  ],
  [
    'with a Job that failed because it was deleted is Stopping',
    { phase: 'Running', startTime: STARTED },
    { job: finished('Failed', { lastTransitionTime: STOPPED }, deleted), wasStarted: true },
    { phase: 'Stopping', stoppedReason: 'user' },
    'Stopping',
  ],
  [
    'without a Job is Stopping until its pods have ended',
    { phase: 'Running', startTime: STARTED, completionTime: STOPPED },
    { pods: [pod({ phase: 'Succeeded' }), running], deletedJob: started, wasStarted: true },
    { phase: 'Stopping', completionTime: null, stoppedReason: 'user' },
    'Stopping',
  ],
  [
    'without a Job is Stopping while an earlier run has pods, even if another run is wanted',
    { phase: 'Stopped', stoppedReason: 'user' },
    { pods: [pod(undefined)], isWanted: true },
    { phase: 'Stopping', stoppedReason: null },
    'Stopping',
  ],

  // The Job no longer exists.
  [
    'whose deleted Job was complete is Completed',
    { phase: 'Stopping', stoppedReason: 'user' },
    { deletedJob: complete, wasStarted: true },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED, stoppedReason: null },
  ],
  [
    'whose deleted Job had failed is Failed, whatever the status says',
    { phase: 'Completed', startTime: CREATED, completionTime: NOW },
    { deletedJob: failed, wasStarted: true },
    { phase: 'Failed', startTime: STARTED, completionTime: ENDED },
  ],
  [
    'whose Job failed because it was deleted is Stopped now',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    { deletedJob: finished('Failed', { lastTransitionTime: STOPPED }, deleted), wasStarted: true },
    { phase: 'Stopped', completionTime: NOW },
    'Stopped',
  ],
  [
    'whose deleted Job had not finished is Stopped now',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'inactivity' },
    { deletedJob: started, wasStarted: true, stoppedReason: 'inactivity' },
    { phase: 'Stopped', completionTime: NOW },
    'Stopped',
  ],
  [
    'whose deleted Job had never started has no start time',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    { deletedJob: pending, wasStarted: true },
    { phase: 'Stopped', startTime: null, completionTime: NOW },
    'Stopped',
  ],
  [
    'whose deleted Job had ended pods is Stopped',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    { deletedJob: started, pods: [pod({ phase: 'Failed' })], wasStarted: true },
    { phase: 'Stopped', completionTime: NOW },
    'Stopped',
  ],
  [
    'that was stopped when the status says so keeps that time',
    { ...stopped, startTime: STARTED },
    { deletedJob: started, wasStarted: true },
    {},
    'Stopped',
  ],
  [
    'that was stopped before its Job existed was stopped now',
    { ...stopped, startTime: STARTED, completionTime: '2026-03-01T09:59:59Z' },
    { deletedJob: started, wasStarted: true },
    { completionTime: NOW },
    'Stopped',
  ],
  [
    'that was stopped in the future was stopped now',
    { ...stopped, startTime: STARTED, completionTime: '2026-03-01T11:00:01Z' },
    { deletedJob: started, wasStarted: true },
    { completionTime: NOW },
    'Stopped',
  ],
  [
    'that was stopped at an odd time was stopped now',
    { ...stopped, startTime: STARTED, completionTime: 'yesterday' },
    { deletedJob: started, wasStarted: true },
    { completionTime: NOW },
    'Stopped',
  ],
  [
    'that was Running at the time that the status has was stopped now',
    { phase: 'Running', startTime: STARTED, completionTime: STOPPED },
    { deletedJob: started, wasStarted: true },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'user' },
    'Stopped',
  ],
  [
    'whose Job was created by a clock ahead was not stopped before that',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    {
      deletedJob: job({ metadata: { creationTimestamp: LATER }, status: { startTime: STARTED } }),
      wasStarted: true,
    },
    { phase: 'Stopped', completionTime: LATER },
    'Stopped',
  ],

  // Nothing is known but the status.
  ['that was never started is Pending', {}, {}, { phase: 'Pending' }],
  [
    'that was never started is Pending, whatever else the status says',
    { phase: 'Running', stoppedReason: 'user' },
    {},
    { phase: 'Pending', stoppedReason: null },
  ],
  [
    'that was started and has nothing of it left was stopped now',
    {},
    { wasStarted: true },
    {
      phase: 'Stopped',
      completionTime: NOW,
      stoppedReason: 'user',
    },
    'Stopped',
  ],
  [
    'that was Running and has nothing of it left was stopped now',
    { phase: 'Running', startTime: STARTED },
    { wasStarted: true, stoppedReason: 'inactivity' },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'inactivity' },
    'Stopped',
  ],
  ['that is Completed stays so', { phase: 'Completed', completionTime: ENDED }, { wasStarted: true }, {}],
  ['that is Failed stays so', { phase: 'Failed', completionTime: ENDED }, { wasStarted: true }, {}],
  ['that is Stopped stays so', stopped, { wasStarted: true, stoppedReason: 'inactivity' }, {}, 'Stopped'],
  [
    'with an unknown phase that was started was stopped now',
    { phase: 'stopped' },
    { wasStarted: true },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'user' },
    'Stopped',
  ],
];

describe('a session', () => {
  it.each(ROWS)('%s', (_, before, input, change, health) => {
    const status = { observedGeneration: 2, ...before };
    const patch = statusPatch(session({ status }), inputOf(input), new Date(NOW));
    const { conditions, ...fields } = patch ?? {};
    expect(fields).toEqual(change);
    const created = '2026-03-01T11:00:00.000Z';
    const expected = expect.objectContaining({
      type: 'RunHealthy',
      reason: health,
      lastTransitionTime: created,
    });
    expect(conditions).toEqual(health && [expected]);

    // Level-triggered: the next pass changes nothing.
    const next = session({ status: patched(status, patch) });
    expect(statusPatch(next, inputOf(input), new Date(LATER))).toBeUndefined();
  });
});

describe("a session's status", () => {
  it('says which generation it is of', () => {
    const seen = (status: Fields, metadata: Fields = {}) =>
      statusPatch(session({ status: { phase: 'Pending', ...status }, metadata }), inputOf({}), new Date(NOW));
    expect(seen({})).toEqual({ observedGeneration: 2 });
    expect(seen({ observedGeneration: 99 })).toEqual({ observedGeneration: 2 });
    expect(seen({ observedGeneration: 1 }, { generation: undefined })).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'Running'],
    ['a list', ['Running']],
  ])('is written anew over %s', (_, status) => {
    expect(statusPatch(session({ status }), inputOf({}), new Date(NOW))).toEqual({
      phase: 'Pending',
      observedGeneration: 2,
    });
  });

  it('leaves what is not its own', () => {
    const status = { phase: 'Running', lastActivityTime: NOW, sdkSessionId: 'sdk-1' };
    const patch = statusPatch(session({ status }), inputOf({ job: complete }), new Date(NOW));
    expect(Object.keys(patch ?? {}).sort()).toEqual([
      'completionTime',
      'conditions',
      'observedGeneration',
      'phase',
      'startTime',
    ]);
  });

  it('is of the newest pod of its Job', () => {
    const waiting = (reason: string, creationTimestamp: string) =>
      pod(
        { phase: 'Pending', containerStatuses: [container({ waiting: { reason } })] },
        { creationTimestamp },
      );
    const pods = [waiting('ErrImagePull', CREATED), waiting('ContainerCreating', STARTED)];
    for (const order of [pods, pods.toReversed()]) {
      const patch = statusPatch(
        session(),
        inputOf({ job: pending, pods: order, isWanted: true }),
        new Date(NOW),
      );
      expect(patch?.conditions).toMatchObject([{ type: 'RunHealthy', reason: 'Starting' }]);
    }
  });

  it('has the condition RunCreated if that is known', () => {
    const input = inputOf({ job: pending, isWanted: true, runCreated: RUN_EXISTS });
    const { conditions } = statusPatch(session(), input, new Date(NOW)) ?? {};
    expect(conditions).toMatchObject([
      { type: 'RunHealthy', status: 'Unknown', reason: 'Starting' },
      { type: 'RunCreated', status: 'True', reason: 'RunCreated' },
    ]);
  });

  it('is written once if the clock of the API server is ahead', () => {
    const metadata = { creationTimestamp: LATER };
    const input = inputOf({ job: pending, isWanted: true });
    const patch = statusPatch(session({ metadata }), input, new Date(NOW));
    expect(patch?.conditions).toMatchObject([{ lastTransitionTime: '2026-03-01T11:10:00.000Z' }]);
    const next = session({ metadata, status: patched({}, patch) });
    expect(statusPatch(next, input, new Date(NOW))).toBeUndefined();
  });

  it('is written once if a runner has filled the list of conditions', () => {
    const others: Condition[] = Array.from({ length: 64 }, (_, n) => ({ type: `Other${n}`, status: 'True' }));
    const input = inputOf({ job: pending, isWanted: true, runCreated: RUN_EXISTS });
    const status = { conditions: others };
    const patch = statusPatch(session({ status }), input, new Date(NOW));
    expect(patch?.conditions?.map(({ type }) => type)).toEqual([
      ...others.slice(0, 62).map(({ type }) => type),
      'RunHealthy',
      'RunCreated',
    ]);
    const next = session({ status: patched(status, patch) });
    expect(statusPatch(next, input, new Date(LATER))).toBeUndefined();
  });
});
