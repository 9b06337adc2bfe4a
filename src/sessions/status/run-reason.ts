import type { ContainerStatus, Job, Pod } from '../../kubernetes/resources.ts';
import { finishedCondition } from '../run/job-state.ts';

/** The conditions that Writ writes. */
export const RUN_CREATED = 'RunCreated';
export const RUN_HEALTHY = 'RunHealthy';
export const OWN_CONDITIONS = [RUN_CREATED, RUN_HEALTHY];

/** Why a run is as it is. The words are Writ's own: nothing that a container or a user wrote is repeated. */
export interface RunReason {
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

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
export function whyNotRunning(pod: Pod | undefined, secretKeys: string[]): RunReason {
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
export function whyFailed(job: Job, pod: Pod | undefined): RunReason {
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
