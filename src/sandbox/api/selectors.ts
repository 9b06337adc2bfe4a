import type { KubeObject } from '../objects.ts';
import type { Resource } from '../storage/resources.ts';
import { fieldSelector } from './field-selector.ts';
import { labelSelector } from './label-selector.ts';

export type Selector = (object: KubeObject) => boolean;

/** Whether an object matches the query's labelSelector and fieldSelector. */
export function selector(resource: Resource, query: URLSearchParams): Selector {
  const byLabels = labelSelector(query.get('labelSelector') ?? '');
  const byFields = fieldSelector(resource, query.get('fieldSelector') ?? '');
  return (object) => byLabels(object.metadata.labels ?? {}) && byFields(object);
}
