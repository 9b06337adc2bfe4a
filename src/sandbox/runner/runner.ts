import { at, stringAt } from '../objects.ts';
import type { Registry } from '../storage/registry.ts';
import { JobRun, type RunnerOptions } from './job-run.ts';
import type { PodLogs } from './pod-logs.ts';

/**
 * Imitates the Job controller and the kubelet: creates a pod for every new Job that is not suspended, which runs and
 * succeeds. Returns the function that stops it.
 */
export function startRunner(registry: Registry, logs: PodLogs, options: RunnerOptions): () => void {
  const stop = new AbortController();
  const jobs = registry.resource('batch', 'jobs');
  const unsubscribe = registry.store.subscribe(({ resource, type, object }) => {
    if (resource !== jobs || type === 'DELETED' || object.metadata.deletionTimestamp) return;
    if (stringAt(object, 'status', 'startTime') || at(object, 'spec', 'suspend') === true) return;
    const run = new JobRun(registry, logs, object);
    run.start();
    void run.play(options, stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      run.fail('FailedCreate', error instanceof Error ? error.message : String(error));
    });
  });
  return () => {
    unsubscribe();
    stop.abort();
  };
}
