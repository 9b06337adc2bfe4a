import type { KubernetesEvent } from '../kubernetes/resources.ts';

/** core/v1 events have lastTimestamp; those of events.k8s.io a series, or eventTime where they were seen once. */
export function lastSeen({ lastTimestamp, series, eventTime }: KubernetesEvent): string | undefined {
  return lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? undefined;
}
