import { createHash, createHmac, type KeyObject } from 'node:crypto';
import type { Subject } from '../authorization/reviews.ts';
import type { SessionInput } from './build-session.ts';

/**
 * The names that a session with an idempotency key can have: first the one to create it under, then those under other keys
 * that are accepted. Empty if the input has no idempotency key, or a name. Nobody without a key can tell the names in
 * advance, and so create another session under one of them.
 */
export function idempotentNames(
  keys: readonly KeyObject[],
  { uid, username }: Subject,
  { idempotencyKey, name, project }: SessionInput,
): string[] {
  if (!idempotencyKey || name) return [];
  const digests =
    keys.length === 0
      ? [createHash('sha256').update(JSON.stringify([username, uid, project, idempotencyKey]))]
      : keys.map((key) =>
          // A username is never taken for a UID.
          createHmac('sha256', key).update(
            JSON.stringify([uid ? { uid } : { username }, project, idempotencyKey]),
          ),
        );
  return digests.map((digest) => `session-${digest.digest('hex').slice(0, 40)}`);
}
