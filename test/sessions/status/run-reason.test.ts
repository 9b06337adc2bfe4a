import { describe, expect, it } from 'vitest';
import { RUN_EXISTS, runReason } from '../../../src/sessions/status/run-reason.ts';

describe('a reason', () => {
  it.each([
    ['Starting', 'Unknown'],
    ['Running', 'True'],
    ['Stopping', 'Unknown'],
    ['Stopped', 'Unknown'],
    ['Completed', 'True'],
    ['RunnerEnded', 'Unknown'],
    ['Suspended', 'False'],
    ['QuotaExceeded', 'False'],
    ['LimitRangeExceeded', 'False'],
    ['AdmissionDenied', 'False'],
    ['PodNotCreated', 'False'],
    ['Unschedulable', 'False'],
    ['SchedulingGated', 'False'],
    ['VolumeMountFailed', 'False'],
    ['SandboxFailed', 'False'],
    ['InitContainerFailed', 'False'],
    ['ContainerFailed', 'False'],
    ['Disrupted', 'False'],
    ['ImagePullFailed', 'False'],
    ['RunnerSecretMissing', 'False'],
    ['ContainerConfigInvalid', 'False'],
    ['OutOfMemory', 'False'],
    ['DeadlineExceeded', 'False'],
    ['Evicted', 'False'],
    ['ExitCode', 'False'],
    ['PodFailed', 'False'],
  ] as const)('%s makes the condition %s', (name, status) => {
    expect(runReason(name)).toEqual({ status, reason: name, message: expect.stringMatching(/^\S.*\S$/) });
  });

  it('of a run that exists makes the condition True', () => {
    expect(RUN_EXISTS).toMatchObject({ status: 'True', reason: 'RunCreated' });
  });
});
