import { describe, expect, it } from 'vitest';
import {
  ACTIONS_OF_PHASES,
  actionsInPhase,
  assertActionInPhase,
  phaseOf,
  SESSION_ACTIONS,
  SESSION_PHASES,
  VERB_OF_ACTION,
} from '../../../src/sessions/status/session-phase.ts';
import { ALLOWED_ACTIONS } from '../../support/allowed-actions.ts';
import { session } from '../objects.ts';

/** How the status holds each phase; UNKNOWN is any other text. */
const STORED = {
  PENDING: 'Pending',
  CREATING: 'Creating',
  RUNNING: 'Running',
  STOPPING: 'Stopping',
  STOPPED: 'Stopped',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  UNKNOWN: 'Paused',
};

describe('the phase of a session', () => {
  it.each([
    ['without a status', undefined],
    ['whose status is null', null],
    ['whose status is empty', {}],
    ['whose status is text', 'Running'],
    ['whose status is a number', 3],
    ['whose status is a list', ['Running']],
    ['whose phase is null', { phase: null }],
    ['whose phase is empty', { phase: '' }],
  ])('is PENDING for one %s', (_, status) => {
    expect(phaseOf(session({ status }))).toBe('PENDING');
  });

  it.each(SESSION_PHASES.map((phase) => [STORED[phase], phase]))('is for %s: %s', (stored, phase) => {
    expect(phaseOf(session({ status: { phase: stored } }))).toBe(phase);
  });

  it.each([
    ['in lower case', 'running'],
    ['in upper case', 'RUNNING'],
    ['with a space in front', ' Running'],
    ['with a line break behind', 'Running\n'],
    ['of the name that GraphQL has for no phase', 'Unknown'],
    ['of a property that objects inherit', 'constructor'],
    ['that is a number', 0],
    ['that is a boolean', false],
    ['that is a list', ['Running']],
    ['that is a map', { phase: 'Running' }],
  ])('is UNKNOWN for a stored phase %s', (_, phase) => {
    expect(phaseOf(session({ status: { phase } }))).toBe('UNKNOWN');
  });
});

describe('the actions that a phase allows', () => {
  it('are given for each phase', () => {
    expect(Object.keys(ACTIONS_OF_PHASES)).toEqual([...SESSION_PHASES]);
  });

  it.each(Object.entries(ALLOWED_ACTIONS))('in %s are %s', (phase, actions) => {
    const status = { phase: STORED[phase as keyof typeof STORED] };
    expect(actionsInPhase(session({ status })).join(' ')).toBe(actions);
  });

  it.each(SESSION_PHASES)('in %s are CLONE alone while the session is being deleted', (phase) => {
    const metadata = { deletionTimestamp: '2026-03-01T12:00:00Z' };
    expect(actionsInPhase(session({ metadata, status: { phase: STORED[phase] } }))).toEqual(['CLONE']);
  });

  it.each([
    ['START', 'update'],
    ['STOP', 'update'],
    ['UPDATE', 'patch'],
    ['CLONE', 'create'],
    ['DELETE', 'delete'],
  ] as const)('include %s for a caller who may %s agenticsessions', (action, verb) => {
    expect(VERB_OF_ACTION[action]).toBe(verb);
  });
});

describe('an action', () => {
  const pairs = SESSION_PHASES.flatMap((phase) => SESSION_ACTIONS.map((action) => ({ phase, action })));

  it.each(pairs.filter(({ phase, action }) => ALLOWED_ACTIONS[phase].split(' ').includes(action)))(
    '$action passes in $phase',
    ({ phase, action }) => {
      expect(() => assertActionInPhase(session({ status: { phase: STORED[phase] } }), action)).not.toThrow();
    },
  );

  it.each(pairs.filter(({ phase, action }) => !ALLOWED_ACTIONS[phase].split(' ').includes(action)))(
    '$action is a CONFLICT in $phase, which names both and the session',
    ({ phase, action }) => {
      const stored = session({ status: { phase: STORED[phase] } });
      expect(() => assertActionInPhase(stored, action)).toThrow(
        expect.objectContaining({
          code: 'CONFLICT',
          message: `The session is ${phase}, which does not allow ${action}`,
          extensions: { project: 'demo', name: 'fix-cart' },
        }),
      );
    },
  );

  it('repeats nothing of an unknown phase', () => {
    const stored = session({ status: { phase: 's3cret' } });
    expect(() => assertActionInPhase(stored, 'START')).toThrow(
      expect.objectContaining({ message: 'The session is UNKNOWN, which does not allow START' }),
    );
  });

  it.each(SESSION_ACTIONS.filter((action) => action !== 'CLONE'))(
    '%s is a CONFLICT while the session is being deleted, whatever its phase',
    (action) => {
      const metadata = { deletionTimestamp: '2026-03-01T12:00:00Z' };
      for (const phase of SESSION_PHASES) {
        const stored = session({ metadata, status: { phase: STORED[phase] } });
        expect(() => assertActionInPhase(stored, action)).toThrow(
          expect.objectContaining({
            code: 'CONFLICT',
            message: `The session is being deleted, which does not allow ${action}`,
          }),
        );
      }
    },
  );

  it('CLONE passes while the session is being deleted', () => {
    const metadata = { deletionTimestamp: '2026-03-01T12:00:00Z' };
    expect(() => assertActionInPhase(session({ metadata }), 'CLONE')).not.toThrow();
  });
});
