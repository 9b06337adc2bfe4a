import { describe, expect, it } from 'vitest';
import {
  failureReason,
  pendingReason,
  RUN_EXISTS,
  runReason,
} from '../../../src/sessions/status/run-reason.ts';
import { container, type Fields, job, pod } from '../objects.ts';

const KEYS = ['ANTHROPIC_API_KEY', 'GEMINI_API_KEY'];
const message = 's3cret';

const waiting = (reason: string, text = message) => container({ waiting: { reason, message: text } });
const containers = (...containerStatuses: Fields[]) => ({ phase: 'Pending', containerStatuses });
const scheduled = (status: string, reason: string) => ({
  phase: 'Pending',
  conditions: [
    { type: 'PodReadyToStartContainers', status: 'False', reason: 'Unschedulable' },
    { type: 'PodScheduled', status, reason, message },
  ],
});
const noKey = (key: string) => `couldn't find key ${key} in Secret demo/ambient-runner-secrets`;
const configError = (text: string) => containers(waiting('CreateContainerConfigError', text));

describe('a pod that does not run yet', () => {
  it.each([
    ['without a status', undefined, 'Starting'],
    ['with an empty status', {}, 'Starting'],
    ['that waits for its container', containers(waiting('ContainerCreating')), 'Starting'],
    ['that waits for an init container', containers(waiting('PodInitializing')), 'Starting'],
    ['whose container gives no reason', containers(container({ waiting: {} })), 'Starting'],
    ['whose container has no state', containers({ name: 'runner' }), 'Starting'],
    ['whose image cannot be pulled', containers(waiting('ErrImagePull')), 'ImagePullFailed'],
    ['whose image pull backs off', containers(waiting('ImagePullBackOff')), 'ImagePullFailed'],
    ['whose image name is invalid', containers(waiting('InvalidImageName')), 'ImagePullFailed'],
    ['whose image is never pulled', containers(waiting('ErrImageNeverPull')), 'ImagePullFailed'],
    ['whose image cannot be inspected', containers(waiting('ImageInspectError')), 'ImagePullFailed'],
    ['whose registry is unavailable', containers(waiting('RegistryUnavailable')), 'ImagePullFailed'],
    [
      'whose second image cannot be pulled',
      containers(waiting('ContainerCreating'), waiting('ErrImagePull')),
      'ImagePullFailed',
    ],
    [
      'whose image could not be pulled the last time',
      containers(container({}, { waiting: { reason: 'ErrImagePull' } })),
      'Starting',
    ],
    ['with an invalid configuration', configError(message), 'ContainerConfigInvalid'],
    ['that cannot be created', containers(waiting('CreateContainerError')), 'ContainerConfigInvalid'],
    ['that cannot be run', containers(waiting('RunContainerError')), 'ContainerConfigInvalid'],
    ['that lacks a key that a runner needs', configError(noKey('GEMINI_API_KEY')), 'RunnerSecretMissing'],
    ['that lacks another key', configError(noKey('s3cret')), 'ContainerConfigInvalid'],
    ['that lacks a similar key', configError(noKey('GEMINI_API_KEY_s3cret')), 'ContainerConfigInvalid'],
    [
      'that lacks a key, in the middle of a message',
      configError(`s3cret: ${noKey('GEMINI_API_KEY')}`),
      'ContainerConfigInvalid',
    ],
    [
      'that lacks a key, by the message of another error',
      containers(waiting('CreateContainerError', noKey('GEMINI_API_KEY'))),
      'ContainerConfigInvalid',
    ],
    ['whose Secret does not exist', configError('secret "s3cret" not found'), 'RunnerSecretMissing'],
    ['whose Secret has an odd name', configError('secret "S3CRET x" not found'), 'ContainerConfigInvalid'],
    ['whose ConfigMap does not exist', configError('configmap "s3cret" not found'), 'ContainerConfigInvalid'],
    ['that no node can take', scheduled('False', 'Unschedulable'), 'Unschedulable'],
    ['that a scheduling gate holds', scheduled('False', 'SchedulingGated'), 'Starting'],
    ['that was unschedulable', scheduled('True', 'Unschedulable'), 'Starting'],
    [
      'with an image that cannot be pulled and a Secret that does not exist',
      containers(waiting('CreateContainerConfigError', 'secret "a" not found'), waiting('ErrImagePull')),
      'ImagePullFailed',
    ],
    [
      'with an invalid configuration and a Secret that does not exist',
      containers(
        waiting('CreateContainerError'),
        waiting('CreateContainerConfigError', 'secret "a" not found'),
      ),
      'RunnerSecretMissing',
    ],
    [
      'with an invalid configuration that is unschedulable',
      { ...scheduled('False', 'Unschedulable'), ...configError('x') },
      'ContainerConfigInvalid',
    ],
  ])('%s', (_, status: Fields | undefined, reason) => {
    const said = pendingReason(pod(status), KEYS);
    expect(said).toMatchObject({ reason, status: reason === 'Starting' ? 'Unknown' : 'False' });
    expect(said.message).not.toMatch(/s3cret/i);
  });

  it('that does not exist is starting', () => {
    expect(pendingReason(undefined, KEYS)).toEqual(runReason('Starting'));
  });

  it('names the key that is missing, if a runner needs it', () => {
    const said = pendingReason(pod(configError(noKey('GEMINI_API_KEY'))), KEYS);
    expect(said.message).toMatch(/: GEMINI_API_KEY$/);
    expect(pendingReason(pod(configError(noKey('GEMINI_API_KEY'))), []).message).not.toContain('GEMINI');
  });
});

const failed = (reason: string) => ({ conditions: [{ type: 'Failed', status: 'True', reason, message }] });
const BACKOFF = failed('BackoffLimitExceeded');
const ended = (exitCode: unknown, reason = 'Error') => ({ terminated: { exitCode, reason, message } });
const terminated = (...states: Fields[]) => ({
  phase: 'Failed',
  message,
  containerStatuses: states.map((state) => container(state)),
});

describe('a Job that failed', () => {
  it.each([
    ['beyond its deadline', failed('DeadlineExceeded'), undefined, 'DeadlineExceeded'],
    [
      'beyond its deadline, whatever its container ended with',
      failed('DeadlineExceeded'),
      terminated(ended(137, 'OOMKilled')),
      'DeadlineExceeded',
    ],
    [
      'for another reason than the one that was announced',
      {
        conditions: [
          { type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded' },
          ...BACKOFF.conditions,
        ],
      },
      undefined,
      'PodFailed',
    ],
    ['with its pod evicted', BACKOFF, { phase: 'Failed', reason: 'Evicted', message }, 'Evicted'],
    [
      'with its pod evicted, whatever its container ended with',
      BACKOFF,
      { ...terminated(ended(137, 'OOMKilled')), reason: 'Evicted' },
      'Evicted',
    ],
    ['with its pod lost in another way', BACKOFF, { phase: 'Failed', reason: 's3cret' }, 'PodFailed'],
    ['out of memory', BACKOFF, terminated(ended(137, 'OOMKilled')), 'OutOfMemory'],
    [
      'out of memory in its second container',
      BACKOFF,
      terminated(ended(1), ended(137, 'OOMKilled')),
      'OutOfMemory',
    ],
    [
      'out of memory before its container was created again',
      BACKOFF,
      { containerStatuses: [container({ waiting: {} }, ended(137, 'OOMKilled'))] },
      'OutOfMemory',
    ],
    [
      'with an exit code after it was out of memory once',
      BACKOFF,
      { containerStatuses: [container(ended(3), ended(137, 'OOMKilled'))] },
      'ExitCode',
    ],
    ['with an exit code', BACKOFF, terminated(ended(3)), 'ExitCode'],
    ['with the exit code of its second container', BACKOFF, terminated(ended(0), ended(3)), 'ExitCode'],
    ['with no exit code but 0', BACKOFF, terminated(ended(0, 'Completed')), 'PodFailed'],
    ['with an exit code that is text', BACKOFF, terminated(ended('s3cret')), 'PodFailed'],
    ['with an exit code that is not an integer', BACKOFF, terminated(ended(1.5)), 'PodFailed'],
    ['without an exit code', BACKOFF, terminated(ended(undefined)), 'PodFailed'],
    ['while its container still runs', BACKOFF, terminated({ running: {} }), 'PodFailed'],
    ['without containers', BACKOFF, { phase: 'Failed' }, 'PodFailed'],
    ['without a status of its pod', BACKOFF, {}, 'PodFailed'],
    ['without a pod', BACKOFF, undefined, 'PodFailed'],
  ])('%s', (_, jobStatus, podStatus: Fields | undefined, reason) => {
    const said = failureReason(job({ status: jobStatus }), podStatus && pod(podStatus));
    expect(said).toMatchObject({ reason, status: 'False' });
    expect(said.message).not.toMatch(/s3cret/i);
    expect(said.message.endsWith(': exit code 3')).toBe(reason === 'ExitCode');
  });
});

describe('a reason', () => {
  it.each([
    ['Starting', 'Unknown'],
    ['Running', 'True'],
    ['Stopping', 'Unknown'],
    ['Stopped', 'Unknown'],
    ['Completed', 'True'],
    ['Unschedulable', 'False'],
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
