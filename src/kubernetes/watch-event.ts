import { Unavailable } from '../errors.ts';
import { KubernetesError } from './kubernetes-error.ts';
import type { AnyObject, WatchEvent } from './reader.ts';
import type { KubernetesStatus } from './status.ts';
import type { FailedCall } from './status-mapping.ts';

/**
 * The event in a line of a watch's response. A failure in the middle of a watch comes as an event with a Status, and is
 * thrown as the KubernetesError that it says. Unavailable if the line is not an event.
 */
export function parseWatchEvent<T extends AnyObject>(
  line: string,
  { attributes, identity }: Pick<FailedCall, 'attributes' | 'identity'>,
): WatchEvent<T> {
  const event = parseJson(line) as { type?: unknown; object?: Partial<T> & KubernetesStatus } | undefined;
  if (event?.type === 'ERROR' && event.object) {
    throw new KubernetesError(Number(event.object.code) || 500, event.object, attributes, identity);
  }
  const isWhole =
    typeof event?.type === 'string' && typeof event.object?.metadata?.resourceVersion === 'string';
  if (!isWhole) throw new Unavailable('The cluster sent a watch event that cannot be read');
  return event as unknown as WatchEvent<T>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
