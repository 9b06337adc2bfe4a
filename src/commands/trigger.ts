import { setTimeout as delay } from 'node:timers/promises';
import type { TriggerConfig } from '../config/trigger-config.ts';
import { type ComponentLogger, createLogger } from '../telemetry/logger.ts';
import { sendTrigger, type TriggerResult } from './trigger-request.ts';

export interface TriggerTimings {
  /** Of one request, in ms. */
  attemptMs: number;
  /** Between two requests, doubled after each, unless Writ says how long to wait. */
  backoff: { baseMs: number; maxMs: number };
}

export const TRIGGER_TIMINGS: TriggerTimings = {
  attemptMs: 45_000,
  backoff: { baseMs: 1_000, maxMs: 30_000 },
};

/** `writ trigger`: what the pod of a scheduled session runs. Returns the exit code. */
export function runTrigger(config: TriggerConfig, stopped: AbortSignal): Promise<number> {
  return trigger(config, createLogger({ level: 'info' }), stopped);
}

/**
 * Asks Writ to create the session of this time, until Writ answers or the deadline has passed, and logs one line. Returns the
 * exit code: 1 if the Job should try again. After a refusal it should not, as when the owner has lost the right: the controller
 * then suspends the schedule.
 */
export async function trigger(
  config: TriggerConfig,
  logger: Pick<ComponentLogger, 'info' | 'warn' | 'error'>,
  stopped: AbortSignal,
  timings = TRIGGER_TIMINGS,
): Promise<number> {
  const { namespace: project, schedule, job } = config;
  const about = { project, schedule, job };
  const { result, attempts } = await sendUntilAnswered(config, stopped, timings);
  switch (result.kind) {
    case 'answered': {
      const { outcome, sessionName } = result;
      logger.info({ ...about, outcome, ...(sessionName && { session: sessionName }) }, 'schedule ran');
      return 0;
    }
    case 'refused':
      logger.warn({ ...about, code: result.code, reason: result.message }, 'schedule refused');
      return 0;
    case 'failed':
      logger.error({ ...about, reason: result.reason, attempts }, 'schedule failed to run');
      return 1;
  }
}

async function sendUntilAnswered(
  config: TriggerConfig,
  stopped: AbortSignal,
  { attemptMs, backoff }: TriggerTimings,
): Promise<{ result: TriggerResult; attempts: number }> {
  const endsAt = performance.now() + config.deadlineMs;
  let failure: TriggerResult | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const timeLeftMs = Math.max(1, Math.ceil(endsAt - performance.now()));
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(Math.min(attemptMs, timeLeftMs))]);
    const result = await sendTrigger(config, signal);
    if (result.kind !== 'failed') return { result, attempts };
    // That the deadline cut the last request short says less than what an earlier one has met.
    if (!failure || !signal.aborted) failure = result;
    const backoffMs = Math.min(backoff.maxMs, backoff.baseMs * 2 ** (attempts - 1));
    const waitMs = Math.max(result.afterMs ?? 0, backoffMs * (0.5 + Math.random() / 2));
    if (stopped.aborted || performance.now() + waitMs >= endsAt) return { result: failure, attempts };
    await delay(waitMs, undefined, { signal: stopped }).catch(() => {});
  }
}
