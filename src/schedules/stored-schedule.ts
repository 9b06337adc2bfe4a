import { z } from 'zod';
import { Unavailable } from '../errors.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import {
  ACTIVE_SESSIONS,
  type ActiveSession,
  CONCURRENCY_POLICIES,
  CONCURRENCY_POLICY,
  type ConcurrencyPolicy,
  DEFAULT_CONCURRENCY_POLICY,
} from '../model/schedule.ts';

const activeSessions = z.array(z.object({ name: z.string().min(1), uid: z.string().min(1) }));

/** The default is FORBID, which neither stops a session nor adds one to another: also for a value that is none of the policies. */
export function concurrencyPolicyOf({ metadata }: CronJob): ConcurrencyPolicy {
  const stored = metadata.annotations?.[CONCURRENCY_POLICY];
  return CONCURRENCY_POLICIES.find((policy) => policy === stored) ?? DEFAULT_CONCURRENCY_POLICY;
}

/** The sessions that the controller has noted as active. UNAVAILABLE if the note cannot be read: the controller replaces it. */
export function activeSessionsOf({ metadata }: CronJob): ActiveSession[] {
  const result = activeSessions.safeParse(parseJson(metadata.annotations?.[ACTIVE_SESSIONS] ?? '[]'));
  if (!result.success) throw new Unavailable("The note of the schedule's active sessions cannot be read");
  return result.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
