import type { Job, Pod } from '../../kubernetes/resources.ts';
import { finishedCondition, isRunnerStatus } from '../run/job-state.ts';
import { failureOfOthers, STATUS_UNKNOWN, terminationReason } from './container-failure.ts';
import { pendingReason } from './pending-reason.ts';
import { type RunReason, runReason } from './run-reason.ts';

/* What a Job and its pod say about the health of a run. */

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
  const ended = containerStatuses.filter(isRunnerStatus).flatMap(({ state, lastState }) => {
    const terminated = state?.terminated ?? lastState?.terminated;
    return terminated && terminated.reason !== STATUS_UNKNOWN ? [terminated] : [];
  });
  const others = containerStatuses.filter((status) => !isRunnerStatus(status));
  const cause =
    disruption(pod) ??
    terminationReason(ended) ??
    failureOfOthers('InitContainerFailed', initContainerStatuses) ??
    failureOfOthers('ContainerFailed', others);
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

/** Kubernetes' own reasons are one CamelCase word. Anything else is not repeated. */
function withDetail(reason: RunReason, detail: string | undefined): RunReason {
  return /^[A-Z][A-Za-z]{1,62}$/.test(detail ?? '')
    ? { ...reason, message: `${reason.message}: ${detail}` }
    : reason;
}
