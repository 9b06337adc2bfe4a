import type { KubernetesEvent } from './resources.ts';

/** Events of core/v1 have lastTimestamp. Those of events.k8s.io have a series, or eventTime if they occurred once. */
export function lastSeen({ lastTimestamp, series, eventTime }: KubernetesEvent): string | undefined {
  return lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? undefined;
}

/** Newest first. Compared as numbers, because core/v1 has whole seconds and events.k8s.io has microseconds. */
export function latestFirst(a: KubernetesEvent, b: KubernetesEvent): number {
  return timeOf(b) - timeOf(a);
}

/** In ms since 1970. */
export function timeOf(event: KubernetesEvent): number {
  return Date.parse(lastSeen(event) ?? event.metadata.creationTimestamp) || 0;
}
