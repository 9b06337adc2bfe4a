import type { ResourceType } from '../resources.ts';

/** As kubectl takes it: `pods`, `jobs.batch`. */
export function resourceArgument({ group, resource }: Pick<ResourceType, 'group' | 'resource'>): string {
  return group ? `${resource}.${group}` : resource;
}
