import type { ObjectMeta } from '../../kubernetes/resources.ts';
import { START_REQUESTED_AT } from '../../model/labels-and-annotations.ts';
import { MAX_TIMESTAMP_LENGTH } from '../../model/timestamps.ts';

/**
 * Identifies the latest start of a session, or the start that a Job serves: both have the same start-requested-at. Without
 * it on both (undefined), the Job serves the session too.
 */
export function startRequestOf({ metadata }: { metadata: ObjectMeta }): string | undefined {
  const at = metadata.annotations?.[START_REQUESTED_AT] ?? '';
  return at.length > 0 && at.length <= MAX_TIMESTAMP_LENGTH ? at : undefined;
}
