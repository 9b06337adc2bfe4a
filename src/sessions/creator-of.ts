import { REQUESTED_BY } from '../model/labels-and-annotations.ts';
import type { AgenticSession } from '../model/session.ts';

/** The username that the session records as its creator's; null if it records none. Proof only where writ-origin is in force. */
export function creatorOf({ spec, metadata }: AgenticSession): string | null {
  const recorded: unknown[] = [spec?.userContext?.userId, metadata.annotations?.[REQUESTED_BY]];
  return recorded.find((value): value is string => typeof value === 'string') || null;
}
