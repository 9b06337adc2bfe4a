import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/kubernetes/resources.ts';
import { pendingReason } from '../../../src/sessions/status/pending-reason.ts';
import { failureReason } from '../../../src/sessions/status/run-health.ts';
import { type RunReason, runReason } from '../../../src/sessions/status/run-reason.ts';
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
const initContainers = (status: Fields) => ({
  ...containers(waiting('PodInitializing')),
  initContainerStatuses: [{ ...status, name: 'istio-init' }],
});
const ended = (exitCode: unknown, reason = 'Error') => ({ terminated: { exitCode, reason, message } });
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
    ['whose init container has no image', initContainers(waiting('ErrImagePull')), 'ImagePullFailed'],
    [
      'whose init container cannot be configured',
      initContainers(waiting('CreateContainerConfigError')),
      'ContainerConfigInvalid',
    ],
    ['whose init container runs', initContainers(container({ running: {} })), 'Starting'],
    ['whose init container is done', initContainers(container(ended(0, 'Completed'))), 'Starting'],
    ['whose init container failed', initContainers(container(ended(1))), 'InitContainerFailed'],
    [
      'whose init container fails again and again',
      initContainers(container({ waiting: { reason: 'CrashLoopBackOff', message } }, ended(1))),
      'InitContainerFailed',
    ],
    [
      'whose init container is started again',
      initContainers(container({ running: {} }, ended(1))),
      'Starting',
    ],
    [
      'whose init container was lost while it was deleted',
      initContainers(container(ended(137, 'ContainerStatusUnknown'))),
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
    ['that a scheduling gate holds', scheduled('False', 'SchedulingGated'), 'SchedulingGated'],
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
    expect(pendingReason(undefined, KEYS)).toMatchObject({ status: 'Unknown', reason: 'Starting' });
  });

  it('names the key that is missing, if a runner needs it', () => {
    const said = pendingReason(pod(configError(noKey('GEMINI_API_KEY'))), KEYS);
    expect(said.message).toMatch(/: GEMINI_API_KEY$/);
    expect(pendingReason(pod(configError(noKey('GEMINI_API_KEY'))), []).message).not.toContain('GEMINI');
  });
});

const failed = (reason: string) => ({ conditions: [{ type: 'Failed', status: 'True', reason, message }] });
const DEADLINE = failed('DeadlineExceeded');
const BACKOFF = failed('BackoffLimitExceeded');
const terminated = (...states: Fields[]) => ({
  phase: 'Failed',
  message,
  containerStatuses: states.map((state) => container(state)),
});

const failureOf = (status: Fields, pod: Pod | undefined, problem?: RunReason) =>
  failureReason({ job: job({ status }), pod, problem, secretKeys: KEYS });

describe('a Job that failed', () => {
  it.each([
    ['beyond its deadline', { ...DEADLINE, failed: 1 }, undefined, 'DeadlineExceeded'],
    ['beyond its deadline, without a pod ever', DEADLINE, undefined, 'PodNotCreated'],
    ['beyond its deadline, with a pod that runs', DEADLINE, { phase: 'Running' }, 'DeadlineExceeded'],
    ['beyond its deadline, with a pod that is pending', DEADLINE, { phase: 'Pending' }, 'DeadlineExceeded'],
    [
      'beyond its deadline, with an image that cannot be pulled',
      DEADLINE,
      containers(waiting('ImagePullBackOff')),
      'ImagePullFailed',
    ],
    [
      'beyond its deadline, with a pod that no node can take',
      DEADLINE,
      scheduled('False', 'Unschedulable'),
      'Unschedulable',
    ],
    [
      'beyond its deadline, with a pod that lacks its Secret',
      DEADLINE,
      configError('secret "a" not found'),
      'RunnerSecretMissing',
    ],
    [
      'beyond its deadline, after its runner ended beside a container that ran on',
      DEADLINE,
      { ...terminated(ended(0, 'Completed'), { running: {} }), phase: 'Running' },
      'DeadlineExceeded',
    ],
    [
      'beyond its deadline, after its runner failed beside a container that ran on',
      DEADLINE,
      { ...terminated(ended(3), { running: {} }), phase: 'Running' },
      'ExitCode',
    ],
    [
      'with a failed init container',
      BACKOFF,
      { ...initContainers(container(ended(3))), phase: 'Failed' },
      'InitContainerFailed',
    ],
    [
      'with its pod preempted',
      BACKOFF,
      {
        ...terminated(ended(143)),
        conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message }],
      },
      'Disrupted',
    ],
    ['with its pod rejected by the node', BACKOFF, { phase: 'Failed', reason: 'OutOfcpu' }, 'PodFailed'],
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
    const said = failureOf(jobStatus, podStatus && pod(podStatus));
    expect(said).toMatchObject({ reason, status: 'False' });
    expect(said.message).not.toMatch(/s3cret/i);
    expect(said.message.endsWith(' exit code 3')).toBe(['ExitCode', 'InitContainerFailed'].includes(reason));
  });

  it('beyond its deadline was not ended by what its deletion did to its containers', () => {
    const killed = pod(terminated(ended(137)), { deletionTimestamp: '2026-03-01T10:30:00Z' });
    expect(failureOf(DEADLINE, killed)).toEqual(runReason('DeadlineExceeded'));
  });

  it.each([undefined, pod({ phase: 'Pending' })])(
    'beyond its deadline has the reason of its events',
    (pod) => {
      const problem = runReason('QuotaExceeded');
      expect(failureOf(DEADLINE, pod, problem)).toEqual(problem);
    },
  );

  it('has the exit code of its runner, whatever the names of other containers', () => {
    const other = { ...container(ended(137)), name: 'istio-proxy' };
    const status = { phase: 'Failed', containerStatuses: [other, container(ended(3))] };
    expect(failureOf(BACKOFF, pod(status)).message).toBe('The runner ended with an error: exit code 3');
    const succeeded = { phase: 'Failed', containerStatuses: [other, container(ended(0, 'Completed'))] };
    expect(failureOf(BACKOFF, pod(succeeded))).toMatchObject({
      reason: 'ContainerFailed',
      message: 'Another container than the runner ended with an error: istio-proxy, exit code 137',
    });
  });

  it('names another container than the runner, and what Kubernetes says of the pod', () => {
    const initFailed = { ...initContainers(container(ended(3))), phase: 'Failed' };
    expect(failureOf(BACKOFF, pod(initFailed)).message).toBe(
      'An init container ended with an error: istio-init, exit code 3',
    );
    const noImage = initContainers(waiting('ErrImagePull'));
    expect(pendingReason(pod(noImage), KEYS).message).toBe(
      'The image of another container than the runner cannot be pulled: istio-init',
    );
    expect(failureOf(BACKOFF, pod({ phase: 'Failed', reason: 'OutOfcpu' })).message).toBe(
      'The pod failed: OutOfcpu',
    );
  });
});
