import type { ContainerStatus, Pod } from '../../kubernetes/resources.ts';
import { failureOfOthers, ofContainer } from './container-failure.ts';
import { type RunReason, runReason } from './run-reason.ts';

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
  if (!pod) return { ...runReason('Starting'), message: 'The pod has not been created yet' };
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const all = [...containerStatuses, ...initContainerStatuses];
  const waitingFor = (reasons: Set<string>) =>
    all.find(({ state }) => reasons.has(state?.waiting?.reason ?? ''));
  const withoutImage = waitingFor(IMAGE_REASONS);
  if (withoutImage)
    return ofContainer(
      runReason('ImagePullFailed'),
      withoutImage,
      'The image of another container than the runner cannot be pulled',
    );
  const missing = missingSecret(containerStatuses, secretKeys);
  if (missing) return missing;
  const misconfigured = waitingFor(CONFIG_REASONS);
  if (misconfigured)
    return ofContainer(
      runReason('ContainerConfigInvalid'),
      misconfigured,
      'Another container than the runner cannot be created from its configuration',
    );
  const failedInit = failureOfOthers('InitContainerFailed', initContainerStatuses);
  if (failedInit) return failedInit;
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled?.reason === 'Unschedulable') return runReason('Unschedulable');
  return runReason(unscheduled?.reason === 'SchedulingGated' ? 'SchedulingGated' : 'Starting');
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
