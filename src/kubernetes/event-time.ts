import type { KubernetesEvent } from './resources.ts';

/** Events of core/v1 have lastTimestamp. Those of events.k8s.io have a series, or eventTime if they occurred once. */
export function lastSeen({ lastTimestamp, series, eventTime }: KubernetesEvent): string | undefined {
  return lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? undefined;
}
