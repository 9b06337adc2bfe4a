import { isDnsLabel } from '../../kubernetes/path.ts';
import type { ContainerStatus, Job, Pod } from '../../kubernetes/resources.ts';
import { finishedCondition, isRunnerStatus } from '../run/job-state.ts';
import { type RunReason, runReason } from './run-reason.ts';

/*
 * What a Job and its pod say about the health of a run. Other containers than the runner are those that a cluster adds to
 * pods, such as the proxies of a service mesh.
 */

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);
const CONFIG_REASONS = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** The state of a container that the kubelet does not find any more: it says nothing about how the container ended. */
const STATUS_UNKNOWN = 'ContainerStatusUnknown';

/** Why the pod of a run that is being created is not running yet. */
export function pendingReason(pod: Pod | undefined, secretKeys: string[]): RunReason {
  if (!pod) return { ...runReason('Starting'), message: 'The pod has not been created yet' };
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const all = [...containerStatuses, ...initContainerStatuses];
  const waitingFor = (reasons: Set<string>) =>
    all.find(({ state }) => reasons.has(state?.waiting?.reason ?? ''));
  const withoutImage = waitingFor(IMAGE_REASONS);
  if (withoutImage) return ofContainer('ImagePullFailed', withoutImage, 'The image of', 'cannot be pulled');
  const missing = missingSecret(containerStatuses, secretKeys);
  if (missing) return missing;
  const misconfigured = waitingFor(CONFIG_REASONS);
  if (misconfigured)
    return ofContainer(
      'ContainerConfigInvalid',
      misconfigured,
      '',
      'cannot be created from its configuration',
    );
  const failedInit = initFailure(initContainerStatuses);
  if (failedInit) return failedInit;
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled?.reason === 'Unschedulable') return runReason('Unschedulable');
  return runReason(unscheduled?.reason === 'SchedulingGated' ? 'SchedulingGated' : 'Starting');
}

/** The reason's own message if the container is the runner, else one that names the container. */
function ofContainer(
  name: 'ImagePullFailed' | 'ContainerConfigInvalid',
  container: ContainerStatus,
  before: string,
  after: string,
): RunReason {
  const reason = runReason(name);
  if (isRunnerStatus(container) || !isDnsLabel(container.name)) return reason;
  const subject = `${before} container ${container.name}`.trim();
  return { ...reason, message: `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${after}` };
}

/** An init container runs before the runner, or beside it if it is restarted whenever it ends. */
function initFailure(containers: ContainerStatus[]): RunReason | undefined {
  for (const { name, state, lastState } of containers) {
    const isRestarted = state?.waiting?.reason === 'CrashLoopBackOff';
    const terminated = state?.terminated ?? (isRestarted ? lastState?.terminated : undefined);
    if (!terminated || terminated.reason === STATUS_UNKNOWN || terminated.exitCode === 0) continue;
    const reason = runReason('InitContainerFailed', exitCodeOf(terminated));
    return isDnsLabel(name)
      ? { ...reason, message: reason.message.replace('An init container', `The init container ${name}`) }
      : reason;
  }
  return undefined;
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

/** Whether the runner has run: a pod can fail before that, if its node rejects it or an init container fails. */
export function hasStarted({ status }: Pod): boolean {
  const { phase = 'Pending', containerStatuses = [] } = status ?? {};
  if (phase !== 'Failed') return phase !== 'Pending';
  const runner = containerStatuses.find(isRunnerStatus);
  if (!runner) return containerStatuses.length === 0;
  const { running, terminated } = runner.state ?? {};
  return running !== undefined || (terminated !== undefined && terminated.reason !== STATUS_UNKNOWN);
}

/** What is known of a run. */
export interface SeenRun {
  job: Job;
  /** As it was last seen before its deletion began; undefined if it was never seen. */
  pod: Pod | undefined;
  /** What events say about a run that has not started. */
  problem?: RunReason | undefined;
  /** The keys of the runner Secret that any runner type requires. */
  secretKeys: string[];
}

/** The health of a run that has not finished. */
export function activeHealth(run: SeenRun): RunReason {
  const { job, pod } = run;
  if (!pod && job.spec?.suspend === true) return runReason('Suspended');
  if (!pod) return startReason(run);
  if (pod.status?.phase === 'Succeeded') return runReason('Completed');
  if (pod.status?.phase === 'Failed') return podFailure(run, pod);
  return disruption(pod) ?? (hasStarted(pod) ? (runnerEnd(pod) ?? runReason('Running')) : startReason(run));
}

/** Why a run has not started. */
function startReason({ pod, secretKeys, problem }: SeenRun): RunReason {
  const pending = pendingReason(pod, secretKeys);
  return pending.reason === 'Starting' && problem ? problem : pending;
}

/** How the runner ended, if it has ended before its pod. */
function runnerEnd({ status }: Pod): RunReason | undefined {
  const terminated = status?.containerStatuses?.find(isRunnerStatus)?.state?.terminated;
  return terminated && (terminationReason([terminated]) ?? runReason('RunnerEnded'));
}

/** Why a Job failed. If it exceeded its deadline: the first cause, which is what kept the run from starting or ending. */
export function failureReason(run: SeenRun): RunReason {
  const { job, pod } = run;
  if (finishedCondition(job)?.reason !== 'DeadlineExceeded')
    return pod ? podFailure(run, pod) : runReason('PodFailed');
  // Its containers were killed by the deletion, if nothing else is known of it.
  if (pod?.metadata.deletionTimestamp && hasStarted(pod)) return runReason('DeadlineExceeded');
  const health = activeHealth(run);
  if (health.status === 'False') return health;
  const deadline = runReason('DeadlineExceeded');
  if (health.reason === 'RunnerEnded') return { ...deadline, message: RAN_ON };
  if (health.reason !== 'Starting') return deadline;
  if (pod) return { ...deadline, message: NOT_STARTED };
  // The Job controller counts the pod that it deletes at the deadline.
  const hadPod = (job.status?.failed ?? 0) > 0;
  return hadPod ? deadline : { ...runReason('PodNotCreated'), message: NEVER_CREATED };
}

const RAN_ON =
  "The runner ended without an error, but another container of its pod ran until the session's timeout";
const NOT_STARTED = "The pod did not start within the session's timeout";
const NEVER_CREATED = "No pod was created for the run within the session's timeout";

function podFailure(run: SeenRun, pod: Pod): RunReason {
  const { reason, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  if (reason === 'Evicted') return runReason('Evicted');
  // The kubelet sorts containers by their names.
  const runnerFirst = containerStatuses.toSorted(
    (a, b) => Number(isRunnerStatus(b)) - Number(isRunnerStatus(a)),
  );
  const ended = runnerFirst.flatMap(({ state, lastState }) => {
    const terminated = state?.terminated ?? lastState?.terminated;
    return terminated && terminated.reason !== STATUS_UNKNOWN ? [terminated] : [];
  });
  const cause = disruption(pod) ?? terminationReason(ended) ?? initFailure(initContainerStatuses);
  if (cause) return cause;
  const pending = hasStarted(pod) ? undefined : startReason(run);
  return pending?.status === 'False' ? pending : withDetail(runReason('PodFailed'), reason);
}

/** The pod was ended by the cluster: by preemption, a taint of its node, the eviction API, or its kubelet. */
function disruption({ status }: Pod): RunReason | undefined {
  const disrupted = status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  );
  return disrupted && withDetail(runReason('Disrupted'), disrupted.reason);
}

interface Terminated {
  exitCode?: number;
  reason?: string;
}

function terminationReason(ended: Terminated[]): RunReason | undefined {
  if (ended.some(({ reason }) => reason === 'OOMKilled')) return runReason('OutOfMemory');
  const exitCode = ended.map(exitCodeOf).find((code) => code !== undefined && code !== 0);
  return exitCode === undefined ? undefined : runReason('ExitCode', exitCode);
}

function exitCodeOf({ exitCode }: Terminated): number | undefined {
  return Number.isInteger(exitCode) ? exitCode : undefined;
}

/** Kubernetes' own reasons are one CamelCase word. Anything else is not repeated. */
function withDetail(reason: RunReason, detail: string | undefined): RunReason {
  return /^[A-Z][A-Za-z]{1,62}$/.test(detail ?? '')
    ? { ...reason, message: `${reason.message}: ${detail}` }
    : reason;
}
