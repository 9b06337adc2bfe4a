import { BadUserInput, toWritError } from '../../errors.ts';
import type { ContainerStatus, Job, Pod } from '../../kubernetes/resources.ts';
import { causeOf, RunCreationFailed } from '../run/create-run-objects.ts';
import { finishedCondition } from '../run/job-state.ts';
import { RunTooLarge } from '../run/run-too-large.ts';
import { permanentFailure } from './permanent-failure.ts';

/** A condition of a session without its type. The message is Writ's own text: it repeats nothing that a container or user wrote. */
export interface RunReason {
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/** The maximum length of a condition's message. */
const MAX_MESSAGE_LENGTH = 1_024;

export const RUN_EXISTS: RunReason = {
  status: 'True',
  reason: 'RunCreated',
  message: 'All objects of the run were created',
};

const REASONS = {
  Starting: ['Unknown', 'The pod is being started'],
  Running: ['True', 'The runner is running'],
  Stopping: ['Unknown', 'The run is being stopped'],
  Stopped: ['Unknown', 'The run was stopped'],
  Completed: ['True', 'The runner ended without an error'],
  Unschedulable: ['False', 'The pod cannot be scheduled on any node'],
  ImagePullFailed: ['False', "The runner's image cannot be pulled"],
  RunnerSecretMissing: ['False', "The project's runner Secret lacks a key that the runner needs"],
  ContainerConfigInvalid: ['False', 'The container cannot be created from its configuration'],
  OutOfMemory: ['False', 'The runner exceeded its memory limit'],
  DeadlineExceeded: ['False', "The run exceeded the session's timeout"],
  Evicted: ['False', 'The pod was evicted from its node'],
  ExitCode: ['False', 'The runner ended with an error'],
  PodFailed: ['False', 'The pod failed'],
} as const;

type RunReasonName = keyof typeof REASONS;

export function runReason(name: RunReasonName, exitCode?: number): RunReason {
  const [status, message] = REASONS[name];
  return {
    status,
    reason: name,
    message: exitCode === undefined ? message : `${message}: exit code ${exitCode}`,
  };
}

/**
 * Why a run could not be created: the step that failed, with the reason of a permanent failure, or else with the code and
 * message of the error that a client would see.
 */
export function runNotCreated(error: unknown): RunReason {
  if (error instanceof RunTooLarge)
    return notCreated(
      'RunTooLarge',
      `The run could not be created: its ${error.part} would be larger than ${error.limit}`,
    );
  if (error instanceof BadUserInput) return invalidSession(error);
  const cause = causeOf(error);
  const object = error instanceof RunCreationFailed ? `run's ${error.step}` : 'run';
  const { code, message } = toWritError(cause);
  const known = permanentFailure(cause) ?? { reason: code, message };
  return notCreated(known.reason, `The ${object} could not be created: ${known.message}`);
}

function notCreated(reason: string, message: string): RunReason {
  return { status: 'False', reason, message: message.slice(0, MAX_MESSAGE_LENGTH) };
}

/** No run can be built from the stored session. The message has the paths of the invalid fields, and not their values. */
function invalidSession({ fields }: BadUserInput): RunReason {
  const paths = fields.slice(0, 5).map(({ path }) =>
    path
      .split('.')
      .slice(1, 6)
      .map((part) => (/^\w{1,64}$/.test(part) ? part : '*'))
      .join('.'),
  );
  const message = `No run can be created from the session as it is stored: ${[...new Set(paths)].join(', ')}`;
  return notCreated('InvalidSession', message);
}

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);
const CONFIG_REASONS = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** Why the pod of a run that is being created is not running yet. */
export function pendingReason(pod: Pod | undefined, secretKeys: string[]): RunReason {
  const { conditions = [], containerStatuses = [] } = pod?.status ?? {};
  const waiting = containerStatuses.map(({ state }) => state?.waiting?.reason ?? '');
  if (waiting.some((reason) => IMAGE_REASONS.has(reason))) return runReason('ImagePullFailed');
  const missing = missingSecret(containerStatuses, secretKeys);
  if (missing) return missing;
  if (waiting.some((reason) => CONFIG_REASONS.has(reason))) return runReason('ContainerConfigInvalid');
  const isUnschedulable = conditions.some(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  return runReason(isUnschedulable ? 'Unschedulable' : 'Starting');
}

/** The kubelet's messages for a missing Secret or key. Only keys that a runner type requires are repeated. */
const NO_KEY = /^couldn't find key (\S+) in Secret /;
const NO_SECRET = /^secret "[-.a-z0-9]{1,253}" not found/;

function missingSecret(containers: ContainerStatus[], secretKeys: string[]): RunReason | undefined {
  for (const { state } of containers) {
    if (state?.waiting?.reason !== 'CreateContainerConfigError') continue;
    const message = state.waiting.message ?? '';
    const key = NO_KEY.exec(message)?.[1];
    const reason = runReason('RunnerSecretMissing');
    if (key && secretKeys.includes(key)) return { ...reason, message: `${reason.message}: ${key}` };
    if (NO_SECRET.test(message)) return { ...reason, message: 'The project has no runner Secret' };
  }
  return undefined;
}

/** Why a Job failed: its deadline, or how its pod ended. */
export function failureReason(job: Job, pod: Pod | undefined): RunReason {
  if (finishedCondition(job)?.reason === 'DeadlineExceeded') return runReason('DeadlineExceeded');
  if (pod?.status?.reason === 'Evicted') return runReason('Evicted');
  const ended = (pod?.status?.containerStatuses ?? []).flatMap(({ state, lastState }) => {
    const terminated = state?.terminated ?? lastState?.terminated;
    return terminated ? [terminated] : [];
  });
  if (ended.some(({ reason }) => reason === 'OOMKilled')) return runReason('OutOfMemory');
  const exitCode = ended.find(({ exitCode }) => Number.isInteger(exitCode) && exitCode !== 0)?.exitCode;
  return exitCode === undefined ? runReason('PodFailed') : runReason('ExitCode', exitCode);
}
