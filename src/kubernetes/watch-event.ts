import { Unavailable } from '../errors.ts';
import type { FailedCall } from './failed-call.ts';
import { parseJson } from './json.ts';
import { KubernetesError } from './kubernetes-error.ts';
import type { AnyObject, WatchEvent } from './reader.ts';
import type { KubernetesStatus } from './status.ts';

/**
 * Parses a line of a watch's response. An ERROR event, which reports a failure in the middle of a watch, is thrown as a
 * KubernetesError with its Status. Unavailable if the line is not an event.
 */
export function parseWatchEvent<T extends AnyObject>(
  line: string,
  { attributes, identity }: Pick<FailedCall, 'attributes' | 'identity'>,
): WatchEvent<T> {
  const event = eventOf(line) as
    | { type?: unknown; object?: Partial<T> & KubernetesStatus & { code?: unknown } }
    | undefined;
  if (event?.type === 'ERROR' && event.object) {
    throw new KubernetesError(Number(event.object.code) || 500, event.object, attributes, identity);
  }
  const isComplete =
    typeof event?.type === 'string' && typeof event.object?.metadata?.resourceVersion === 'string';
  if (!isComplete) throw new Unavailable('The cluster sent a watch event that cannot be read');
  return event as unknown as WatchEvent<T>;
}

function eventOf(line: string): unknown {
  try {
    return parseJson(line) ?? undefined;
  } catch {
    return undefined;
  }
}
