import { type KubeObject, timestamp } from '../objects.ts';
import type { Registry } from '../storage/registry.ts';

/** Creates an Event about an object, as the components of Kubernetes do. */
export function recordEvent(
  registry: Registry,
  about: KubeObject,
  component: string,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const now = timestamp();
  registry.create(registry.resource('', 'events'), namespace, {
    metadata: { generateName: `${name.slice(0, 40)}.` },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid, resourceVersion },
    reason,
    message,
    type,
    source: { component },
    reportingComponent: component,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
