import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/kubernetes/resources.ts';
import { RUN_EXISTS } from '../../../src/sessions/status/run-reason.ts';
import { statusPatch } from '../../../src/sessions/status/session-status.ts';
import { container, type Fields, pod, session } from '../objects.ts';
import { CREATED, complete, inputOf, LATER, NOW, patched, pending, STARTED } from './status-rows.ts';

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
