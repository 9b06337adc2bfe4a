import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import type { ComponentLogger } from '../../telemetry/logger.ts';
import { Leadership } from './leadership.ts';
import { LeaseLock, type LeaseLockOptions, type StoredLease } from './lease-lock.ts';

export interface LeaseTimings {
  /**
   * The duration of the lease, in whole seconds as in the Lease: another replica takes over within this time of the last
   * renewal. It must be longer than renewMs + 4 × retryMs.
   */
  seconds: number;
  renewMs: number;
  /** Between attempts to acquire the lease, and to renew it after a failure. */
  retryMs: number;
}

interface LeaderElectorOptions extends Omit<LeaseLockOptions, 'callTimeoutMs'> {
  timings: LeaseTimings;
  logger: ComponentLogger;
}

/**
 * Leader election by a Lease (https://kubernetes.io/docs/concepts/architecture/leases/). Clocks of different machines are
 * never compared: other replicas count from when they saw the lease change, the holder from before its request.
 */
export class LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #lock: LeaseLock;
  #failure: Error | undefined;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    const { timings } = options;
    // A call without a response leaves time for another one before the term ends.
    const callTimeoutMs = Math.floor((termMs(timings) - timings.renewMs) / 2);
    this.#lock = new LeaseLock({ ...options, callTimeoutMs });
  }

  /** Whether the cluster has responded within the duration of a lease. */
  get isReachable(): boolean {
    return performance.now() - this.#lock.respondedAt < this.#options.timings.seconds * 1_000;
  }

  /** Why the last call for the lease failed, if one did. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Calls `lead` whenever this replica holds the lease, until the signal aborts; then it releases the lease. */
  async run(signal: AbortSignal, lead: (leadership: Leadership) => Promise<void>): Promise<void> {
    const { timings, logger, identity, name } = this.#options;
    while (!signal.aborted) {
      const leadership = await this.#acquire();
      if (leadership) {
        logger.info({ identity, lease: name }, 'acquired leadership');
        const renewing = this.#renew(leadership);
        await lead(leadership).catch((error: unknown) => logger.error({ err: error }, 'the leader failed'));
        const wasHeld = leadership.isHeld;
        leadership.end();
        await renewing;
        if (wasHeld) await this.#release();
        logger.info({ identity, lease: name }, wasHeld ? 'released leadership' : 'lost leadership');
      }
      await delay(jittered(timings.retryMs), undefined, { signal }).catch(() => {});
    }
  }

  /** Acquires the lease if no replica holds it. */
  async #acquire(): Promise<Leadership | undefined> {
    const { identity, timings } = this.#options;
    try {
      const found = await this.#lock.read();
      if (found && !this.#isFree(found)) return undefined;
      const requestedAt = performance.now();
      const now = microTimeNow();
      const spec = {
        holderIdentity: identity,
        leaseDurationSeconds: timings.seconds,
        acquireTime: now,
        renewTime: now,
        leaseTransitions: (found?.spec?.leaseTransitions ?? 0) + (found ? 1 : 0),
      };
      await this.#lock.write(found, spec);
      return new Leadership(requestedAt + termMs(timings));
    } catch (error) {
      // After a conflict, another replica has acquired it first.
      if (!isConflict(error)) this.#failed(error, 'failed to acquire the lease');
      return undefined;
    }
  }

  #failed(error: unknown, message: string): void {
    if (error instanceof Error) this.#failure = error;
    this.#options.logger.warn({ err: error }, message);
  }

  #isFree({ spec }: StoredLease): boolean {
    if (!spec?.holderIdentity) return true;
    const { timings } = this.#options;
    const seconds = Math.max(timings.seconds, spec.leaseDurationSeconds ?? 0);
    return performance.now() - this.#lock.changeSeenAt > termMs({ ...timings, seconds });
  }

  async #renew(leadership: Leadership): Promise<void> {
    const { identity, timings } = this.#options;
    let wait = timings.renewMs;
    while (leadership.isHeld) {
      await delay(wait, undefined, { signal: leadership.signal }).catch(() => {});
      if (!leadership.isHeld) return;
      const requestedAt = performance.now();
      try {
        const stored = this.#lock.stored ?? (await this.#lock.read());
        if (stored?.spec?.holderIdentity !== identity) return leadership.end();
        await this.#lock.write(stored, { ...stored.spec, renewTime: microTimeNow() });
        leadership.extend(requestedAt + termMs(timings));
        wait = timings.renewMs;
      } catch (error) {
        this.#lock.forget();
        this.#failed(error, 'failed to renew the lease');
        wait = jittered(timings.retryMs);
      }
    }
  }

  async #release(): Promise<void> {
    const { identity, logger } = this.#options;
    try {
      const found = await this.#lock.read();
      if (found?.spec?.holderIdentity === identity)
        await this.#lock.write(found, { ...found.spec, holderIdentity: '', leaseDurationSeconds: 1 });
    } catch (error) {
      logger.warn({ err: error }, 'failed to release the lease');
    }
  }
}

/**
 * How long a renewal holds, for its holder and for other replicas. It is shorter than the lease by the two attempts that
 * another replica needs, to see the last renewal and to acquire the lease: so it has taken over when the lease ends.
 */
function termMs({ seconds, retryMs }: LeaseTimings): number {
  return seconds * 1_000 - 2 * LONGEST_JITTER * retryMs;
}

const LONGEST_JITTER = 1.25;

/** Kubernetes' MicroTime: RFC 3339 with microseconds. */
function microTimeNow(): string {
  return new Date().toISOString().replace('Z', '000Z');
}

function jittered(ms: number): number {
  return ms * (LONGEST_JITTER - Math.random() / 2);
}

function isConflict(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode === 409;
}
