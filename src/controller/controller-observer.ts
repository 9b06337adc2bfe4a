import type { QueueObserver } from './runtime/work-queue.ts';
import type { ControllerActRecord } from './session/reconcile-client.ts';

/** The controller's queues, by what they reconcile. */
export const QUEUES = ['session', 'schedule'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Told of what the controller does: for metrics. */
export interface ControllerObserver {
  queues: Record<QueueName, QueueObserver>;
  /** After each write. */
  acted(record: ControllerActRecord): void;
  /** After each review of the rights of a schedule's owner. */
  reviewed(purpose: string, decision: 'allowed' | 'denied' | 'error'): void;
  /** After each clean-up of all projects, and for each project whose clean-up has failed. */
  swept(result: 'done' | 'error', error?: unknown): void;
}

/** The controller at this moment: for metrics. */
export interface ControllerFigures {
  isLeader: boolean;
  /** Keys that wait for their turn. */
  queued: Record<QueueName, number>;
}
