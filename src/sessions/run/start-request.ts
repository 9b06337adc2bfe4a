import type { ObjectMeta } from '../../kubernetes/resources.ts';
import { START_REQUESTED_AT } from '../../model/labels-and-annotations.ts';
import { MAX_TIMESTAMP_LENGTH } from '../../model/timestamps.ts';

/**
 * Which start a session or its Job stands for: a Job serves the start whose start-requested-at it carries. A session and
 * a Job that both carry none belong together.
 */
export function startRequestOf({ metadata }: { metadata: ObjectMeta }): string | undefined {
  const at = metadata.annotations?.[START_REQUESTED_AT] ?? '';
  return at.length > 0 && at.length <= MAX_TIMESTAMP_LENGTH ? at : undefined;
}
