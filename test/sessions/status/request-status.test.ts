import { describe, expect, it } from 'vitest';
import { Forbidden } from '../../../src/errors.ts';
import {
  creatingStatus,
  notCreatedStatus,
  pendingStatus,
  stopRequestedStatus,
} from '../../../src/sessions/status/request-status.ts';
import { RUN_EXISTS } from '../../../src/sessions/status/run-reason.ts';
import { type Fields, session } from '../objects.ts';

const STARTED = '2026-03-01T10:30:00.000Z';
const NOW = '2026-03-01T10:30:00.250Z';
const now = new Date(NOW);
const OTHER = { type: 'ReposReady', status: 'True' };

const annotations = { 'ambient-code.io/start-requested-at': STARTED };
const startedSession = (...conditions: Fields[]) =>
  session({ metadata: { annotations }, status: { conditions: [OTHER, ...conditions] } });

describe('the status that a request sets', () => {
  it.each([
    ['at the creation', pendingStatus(session()), { phase: 'Pending', observedGeneration: 2 }],
    [
      'at the creation of a session without a generation',
      pendingStatus(session({ metadata: { generation: undefined } })),
      { phase: 'Pending' },
    ],
    [
      'once the Job exists',
      creatingStatus(startedSession(), now),
      {
        phase: 'Creating',
        conditions: [
          OTHER,
          { type: 'RunCreated', ...RUN_EXISTS, lastTransitionTime: NOW, observedGeneration: 2 },
        ],
      },
    ],
    [
      'if the run could not be created, without a phase',
      notCreatedStatus(startedSession(), new Forbidden('You may not'), now),
      {
        conditions: [
          OTHER,
          {
            type: 'RunCreated',
            status: 'False',
            reason: 'FORBIDDEN',
            message: expect.stringMatching(/: You may not$/),
            lastTransitionTime: NOW,
            observedGeneration: 2,
          },
        ],
      },
    ],
    ['at a stop while Jobs end', stopRequestedStatus(true), { phase: 'Stopping', stoppedReason: 'user' }],
    ['at a stop without Jobs', stopRequestedStatus(false), { phase: 'Stopped', stoppedReason: 'user' }],
  ])('%s', (_, status, expected) => {
    expect(status).toEqual(expected);
  });

  it.each([
    ['of an earlier start', '2026-03-01T10:29:59.999Z', NOW],
    ['of this start', STARTED, STARTED],
    ['of the future', '2026-03-01T10:30:00.251Z', NOW],
  ])('has the time of a condition %s', (_, lastTransitionTime, time) => {
    const failed = startedSession({ type: 'RunCreated', status: 'False', lastTransitionTime });
    expect(notCreatedStatus(failed, new Error(), now).conditions?.[1]).toMatchObject({
      status: 'False',
      lastTransitionTime: time,
    });
    const created = startedSession({ type: 'RunCreated', status: 'True', lastTransitionTime });
    expect(creatingStatus(created, now).conditions?.[1]).toMatchObject({
      status: 'True',
      lastTransitionTime: time,
    });
  });

  it('keeps a time since the creation if the start has an odd time', () => {
    const stored = session({
      metadata: { annotations: { 'ambient-code.io/start-requested-at': 'odd' } },
      status: {
        conditions: [{ type: 'RunCreated', status: 'False', lastTransitionTime: '2026-03-01T10:00:00Z' }],
      },
    });
    expect(notCreatedStatus(stored, new Error(), now).conditions).toMatchObject([
      { lastTransitionTime: '2026-03-01T10:00:00Z' },
    ]);
  });
});
