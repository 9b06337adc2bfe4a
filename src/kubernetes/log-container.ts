import { BadUserInput } from '../errors.ts';
import type { Pod } from './resources.ts';

/** The annotation that kubectl uses, too: the API server has no default if a pod has several containers. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/**
 * The container whose log is read: the one that is requested, else the pod's default, else its first one. BadUserInput at
 * `container` if the pod has no container or init container of the requested name.
 */
export function logContainerOf({ spec, metadata }: Pod, requested: string | null | undefined): string {
  const names = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name }) => name);
  const container = requested ?? metadata.annotations?.[DEFAULT_CONTAINER] ?? '';
  if (names.includes(container)) return container;
  if (requested == null) return names[0] ?? '';
  throw new BadUserInput([{ path: 'container', message: `must be one of ${names.join(', ')}` }]);
}
