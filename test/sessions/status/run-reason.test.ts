import { describe, expect, it } from 'vitest';
import { BadUserInput, Conflict, NotFound, Timeout } from '../../../src/errors.ts';
import { KubernetesError } from '../../../src/kubernetes/kubernetes-error.ts';
import { RunCreationFailed } from '../../../src/sessions/run/create-run-objects.ts';
import {
  failureReason,
  pendingReason,
  RUN_EXISTS,
  runNotCreated,
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

/** A Status with text in each place that may have some. */
const status = {
  reason: 's3cret',
  message,
  metadata: { continue: 's3cret' },
  details: {
    name: 's3cret',
    kind: 's3cret',
    group: 's3cret',
    causes: [{ reason: 's3cret', message, field: 'spec.template' }],
  },
};
const secret = { verb: 'create', group: '', resource: 'secrets', namespace: 'demo' };

describe('a run that could not be created', () => {
  it.each([
    ['backend', 400, 'BAD_USER_INPUT'],
    ['backend', 401, 'UNAVAILABLE'],
    ['backend', 403, 'FORBIDDEN'],
    ['backend', 404, 'NOT_FOUND'],
    ['backend', 409, 'CONFLICT'],
    ['backend', 410, 'EXPIRED'],
    ['backend', 418, 'INTERNAL'],
    ['backend', 422, 'BAD_USER_INPUT'],
    ['backend', 429, 'TOO_MANY_REQUESTS'],
    ['backend', 500, 'UNAVAILABLE'],
    ['backend', 504, 'TIMEOUT'],
    ['user', 401, 'UNAUTHENTICATED'],
    ['user', 403, 'FORBIDDEN'],
    ['user', 404, 'NOT_FOUND'],
    ['user', 409, 'CONFLICT'],
    ['user', 500, 'UNAVAILABLE'],
  ] as const)('because of a call as the %s with %i has the reason %s', (identity, statusCode, reason) => {
    const cause = new KubernetesError(statusCode, status, secret, identity);
    const said = runNotCreated(new RunCreationFailed('Secret', cause));
    expect(said).toMatchObject({ status: 'False', reason });
    expect(said.message).toMatch(/\bSecret\b.*: ./);
    expect(said.message).not.toContain('s3cret');
  });

  it.each([
    ["an error of Writ's own", new Timeout('Too old'), 'TIMEOUT', /run\b.*: Too old$/],
    [
      'an error of a step',
      new RunCreationFailed('token', new NotFound('Not there')),
      'NOT_FOUND',
      /\btoken\b.*: Not there$/,
    ],
    [
      'invalid input to a step',
      new RunCreationFailed('Job', new BadUserInput([{ path: 'spec', message: 'refused' }])),
      'BAD_USER_INPUT',
      /\bJob\b.*: spec: refused$/,
    ],
    ['a defect', new TypeError('s3cret'), 'INTERNAL', /run\b.*: Internal error$/],
    [
      'a defect in a step',
      new RunCreationFailed('Role', new TypeError('s3cret')),
      'INTERNAL',
      /\bRole\b.*: Internal error$/,
    ],
    ['a thrown text', 's3cret', 'INTERNAL', /run\b.*: Internal error$/],
    ['nothing', undefined, 'INTERNAL', /run\b.*: Internal error$/],
  ])('because of %s says so', (_, error, reason, text) => {
    const said = runNotCreated(error);
    expect(said).toEqual({ status: 'False', reason, message: expect.stringMatching(text) });
    expect(said.message).not.toContain('s3cret');
  });

  it('has a message of at most 1,024 characters', () => {
    const said = runNotCreated(new RunCreationFailed('Job', new Conflict('x'.repeat(2_000))));
    expect(said.message).toMatch(/\bJob\b.*: x+$/);
    expect(said.message.length).toBe(1_024);
  });
});

describe('a stored session from which no run can be created', () => {
  const env = (name: string) => `session.spec.environmentVariables.${name}`;

  it.each([
    ['the path of a field', ['session.spec.timeout'], 'spec.timeout'],
    ['the index in a list', ['session.spec.repos.0.url'], 'spec.repos.0.url'],
    ['the name of a variable', [env('LD_PRELOAD')], 'spec.environmentVariables.LD_PRELOAD'],
    ['no name with other characters', [env('$(s3cret)')], 'spec.environmentVariables.*'],
    ['no name with a space', [env('a s3cret')], 'spec.environmentVariables.*'],
    ['no name with a line break', [env('a\ns3cret')], 'spec.environmentVariables.*'],
    ['no name beyond ASCII', [env('\u00e9')], 'spec.environmentVariables.*'],
    ['no name that is empty', [env('')], 'spec.environmentVariables.*'],
    ['no name of 65 characters', [env('a'.repeat(65))], 'spec.environmentVariables.*'],
    ['no more than five parts of a path', ['session.a.b.c.d.e.s3cret'], 'a.b.c.d.e'],
    ['each path once', ['session.spec.a', 'session.spec.b', 'session.spec.a'], 'spec.a, spec.b'],
    ['odd paths once', [env('a-b'), env('c-d')], 'spec.environmentVariables.*'],
    [
      'no more than five paths',
      [1, 2, 3, 4, 5, 6].map((n) => `session.spec.field${n}`),
      'spec.field1, spec.field2, spec.field3, spec.field4, spec.field5',
    ],
  ])('gives %s', (_, paths, given) => {
    const said = runNotCreated(new BadUserInput(paths.map((path) => ({ path, message: 's3cret' }))));
    expect(said).toMatchObject({ status: 'False', reason: 'InvalidSession' });
    expect(said.message.split(': ')).toEqual([expect.not.stringContaining('s3cret'), given]);
  });

  it('has a short message, whatever its fields are called', () => {
    const parts = Array.from({ length: 20 }, (_, n) => String.fromCharCode(97 + n).repeat(64));
    const fields = parts.map((part) => ({ path: ['session', part, ...parts].join('.'), message: 's3cret' }));
    expect(runNotCreated(new BadUserInput(fields)).message.length).toBeLessThan(2_048);
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
