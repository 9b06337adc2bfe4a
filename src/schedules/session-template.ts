import { BadUserInput } from '../errors.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import type { RunTemplate } from '../model/run-template.ts';
import { SESSION_TEMPLATE } from '../model/schedule.ts';
import { parseSessionTemplate, type SessionTemplate } from '../sessions/create-session.ts';

/** All annotations of an object have 256 KiB, of which the owner takes a part. */
export const MAX_TEMPLATE_BYTES = 160 * 1_024;

/** The annotation with a checked template. BAD_USER_INPUT if it is too long to be stored. */
export function templateAnnotation(template: SessionTemplate, path: string): string {
  const fields = Object.entries(template).filter(([, value]) => value != null);
  const text = JSON.stringify(Object.fromEntries(fields));
  if (Buffer.byteLength(text) <= MAX_TEMPLATE_BYTES) return text;
  throw new BadUserInput([{ path, message: `must have at most ${MAX_TEMPLATE_BYTES} bytes of JSON` }]);
}

/** What the schedule stores, unchecked: an object with any fields, or undefined. */
export function storedTemplate({ metadata }: CronJob): Record<string, unknown> | undefined {
  const text = metadata.annotations?.[SESSION_TEMPLATE];
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The template of a stored schedule, by the same rules as an input: where the policy writ-schedules is missing, anybody who may
 * edit CronJobs can have written it, and the runner types can have changed. BAD_USER_INPUT with paths in `sessionTemplate`.
 */
export function readSessionTemplate(cronJob: CronJob, template: RunTemplate): SessionTemplate {
  return parseSessionTemplate(storedTemplate(cronJob), template, 'sessionTemplate');
}
