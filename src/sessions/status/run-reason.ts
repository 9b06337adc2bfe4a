import { BadUserInput, toWritError } from '../../errors.ts';
import type { ContainerStatus, Job, Pod } from '../../kubernetes/resources.ts';
import { RunCreationFailed } from '../run/create-run-objects.ts';
import { finishedCondition } from '../run/job-state.ts';

/** What a condition of a session says. The text is Writ's own: it repeats nothing that a container or a user wrote. */
export interface RunReason {
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/** The longest message of a condition. */
const MAX_MESSAGE_LENGTH = 1_024;

export const RUN_EXISTS: RunReason = {
  status: 'True',
  reason: 'RunCreated',
  message: 'The Job and what it needs exist',
};

const REASONS = {
  Starting: ['Unknown', 'The pod is being started'],
  Running: ['True', 'The runner runs'],
  Stopping: ['Unknown', 'The run is being stopped'],
  Stopped: ['Unknown', 'The run was stopped'],
  Completed: ['True', 'The runner has ended without an error'],
  Unschedulable: ['False', 'No node of the cluster can take the pod'],
  ImagePullFailed: ['False', "The runner's image cannot be pulled"],
  RunnerSecretMissing: ['False', "The project's runner Secret lacks a key that the runner needs"],
  ContainerConfigInvalid: ['False', 'The container cannot be made from its configuration'],
  OutOfMemory: ['False', 'The runner needed more memory than it may have'],
  DeadlineExceeded: ['False', "The run took longer than the session's timeout"],
  Evicted: ['False', 'The node has evicted the pod'],
  ExitCode: ['False', 'The runner has ended with an error'],
  PodFailed: ['False', 'The pod has failed'],
} as const;

export type RunReasonName = keyof typeof REASONS;

export function runReason(name: RunReasonName, exitCode?: number): RunReason {
  const [status, message] = REASONS[name];
  return {
    status,
    reason: name,
    message: exitCode === undefined ? message : `${message}: exit code ${exitCode}`,
  };
}

/** Why a run could not be created: the failed step and the code of the error that a client would see. */
export function runNotCreated(error: unknown): RunReason {
  if (error instanceof BadUserInput) return invalidSession(error);
  const { code, message } = toWritError(error instanceof RunCreationFailed ? error.cause : error);
  const object = error instanceof RunCreationFailed ? `run's ${error.step}` : 'run';
  return {
    status: 'False',
    reason: code,
    message: `The ${object} could not be created: ${message}`.slice(0, MAX_MESSAGE_LENGTH),
  };
}

/** No run can be built from the session as it is stored. It gives the fields' paths, and nothing of their values. */
function invalidSession({ fields }: BadUserInput): RunReason {
  const paths = fields.slice(0, 5).map(({ path }) =>
    path
      .split('.')
      .slice(1, 6)
      .map((part) => (/^\w{1,64}$/.test(part) ? part : '*'))
      .join('.'),
  );
  const message = `No run can be created from the session as it is stored: ${[...new Set(paths)].join(', ')}`;
  return { status: 'False', reason: 'InvalidSession', message };
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

/** What keeps a pod from running, if anything does. */
export function pendingReason(pod: Pod | undefined, secretKeys: string[]): RunReason {
  const { conditions = [], containerStatuses = [] } = pod?.status ?? {};
  const waiting = containerStatuses.map(({ state }) => state?.waiting?.reason ?? '');
  if (waiting.some((reason) => IMAGE_REASONS.has(reason))) return runReason('ImagePullFailed');
  const lacking = whatSecretLacks(containerStatuses, secretKeys);
  if (lacking) return lacking;
  if (waiting.some((reason) => CONFIG_REASONS.has(reason))) return runReason('ContainerConfigInvalid');
  const isUnschedulable = conditions.some(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  return runReason(isUnschedulable ? 'Unschedulable' : 'Starting');
}

/** The kubelet's words for a Secret or key that is not there. Of the keys only those that Writ asks for are repeated. */
const NO_KEY = /^couldn't find key (\S+) in Secret /;
const NO_SECRET = /^secret "[-.a-z0-9]{1,253}" not found/;

function whatSecretLacks(containers: ContainerStatus[], secretKeys: string[]): RunReason | undefined {
  for (const { state } of containers) {
    if (state?.waiting?.reason !== 'CreateContainerConfigError') continue;
    const said = state.waiting.message ?? '';
    const key = NO_KEY.exec(said)?.[1];
    const reason = runReason('RunnerSecretMissing');
    if (key && secretKeys.includes(key)) return { ...reason, message: `${reason.message}: ${key}` };
    if (NO_SECRET.test(said)) return { ...reason, message: 'The project has no runner Secret' };
  }
  return undefined;
}

/** Why a Job failed: what the Job itself decided, else what became of its pod. */
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
