import { isDnsLabel } from '../../kubernetes/path.ts';
import type { ContainerStatus } from '../../kubernetes/resources.ts';
import { isRunnerStatus } from '../run/job-state.ts';
import { type RunReason, runReason } from './run-reason.ts';

/*
 * How containers failed. Other containers than the runner are those that a cluster adds to pods, such as the proxies of a
 * service mesh.
 */

/** The state of a container that the kubelet does not find any more: it says nothing about how the container ended. */
export const STATUS_UNKNOWN = 'ContainerStatusUnknown';

/** The reason's own message is about the runner. That of another container names it. */
export function ofContainer(reason: RunReason, container: ContainerStatus, other: string): RunReason {
  return isRunnerStatus(container) ? reason : { ...reason, message: withDetails(other, container.name) };
}

/** How other containers than the runner failed. Init containers run before it, or beside it if they are restarted. */
export function failureOfOthers(
  reason: 'InitContainerFailed' | 'ContainerFailed',
  containers: ContainerStatus[],
): RunReason | undefined {
  for (const { name, state, lastState } of containers) {
    const isRestarted = state?.waiting?.reason === 'CrashLoopBackOff';
    const terminated = state?.terminated ?? (isRestarted ? lastState?.terminated : undefined);
    if (!terminated || terminated.reason === STATUS_UNKNOWN || terminated.exitCode === 0) continue;
    const { status, message } = runReason(reason);
    const exitCode = exitCodeOf(terminated);
    return { status, reason, message: withDetails(message, name, exitCode && `exit code ${exitCode}`) };
  }
  return undefined;
}

/** A status is written by a kubelet, or by whoever may stand for one: the name of its container is checked. */
function withDetails(message: string, container: string, ...details: (string | number | undefined)[]) {
  const all = [isDnsLabel(container) && container, ...details].filter(Boolean);
  return all.length > 0 ? `${message}: ${all.join(', ')}` : message;
}

interface Terminated {
  exitCode?: number;
  reason?: string;
}

export function terminationReason(ended: Terminated[]): RunReason | undefined {
  if (ended.some(({ reason }) => reason === 'OOMKilled')) return runReason('OutOfMemory');
  const exitCode = ended.map(exitCodeOf).find((code) => code !== undefined && code !== 0);
  return exitCode === undefined ? undefined : runReason('ExitCode', exitCode);
}

function exitCodeOf({ exitCode }: Terminated): number | undefined {
  return Number.isInteger(exitCode) ? exitCode : undefined;
}
