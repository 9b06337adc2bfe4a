import type { FairScheduler } from '../budgets/fair-scheduler.ts';
import type { CallObserver } from './call-observer.ts';
import type { ClusterEndpoint } from './connection/endpoint.ts';
import type { RetryOptions } from './retry-delay.ts';

export interface TransportOptions {
  endpoint: ClusterEndpoint;
  userAgent: string;
  /** The maximum number of connections to the API server. */
  connections: number;
  /** Deadline of a call, including its retries, in ms. */
  callTimeoutMs: number;
  /** How long an attempt may wait to connect, for the response's headers, and between two chunks of its body, in ms. */
  attemptTimeoutMs: number;
  retry: RetryOptions;
  /** The maximum size of a response in bytes. Beyond it: ResponseTooLarge. */
  maxResponseBytes: number;
  /** Shares the connections among the users whose requests make the calls. Absent: first come, first served. */
  scheduler?: FairScheduler;
  /** Told of each call. */
  observers?: readonly CallObserver[];
  /** How long a read goes on that nobody waits for any more, in ms: ending it would cost its connection. */
  abandonedReadMs?: number;
}
