import { setTimeout as delay } from 'node:timers/promises';
import { type ApiCall, createCall, getCall, updateCall } from '../../kubernetes/calls.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { apiVersionOf, LEASES, type Stored } from '../../kubernetes/resources.ts';
import { createRequestScope } from '../../kubernetes/scope.ts';
import { backendCaller, type ClusterTransport, type Credential } from '../../kubernetes/transport.ts';
import type { ComponentLogger } from '../../telemetry/logger.ts';
import { Leadership } from './leadership.ts';

export interface LeaseTimings {
  /**
   * Within this time of its last renewal another replica has taken over, in whole seconds: a Lease has no finer unit.
   * It must be more than renewMs and four times retryMs together.
   */
  seconds: number;
  renewMs: number;
  /** Between attempts to acquire the lease, and to renew it after a failure. */
  retryMs: number;
}

type StoredLease = Stored<{
  metadata?: unknown;
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}>;

export interface LeaseOptions {
  transport: ClusterTransport;
  credential: Credential;
  namespace: string;
  name: string;
  /** Identifies this replica; never used by another one. */
  identity: string;
  timings: LeaseTimings;
  logger: ComponentLogger;
}

/**
 * Leader election by a Lease (https://kubernetes.io/docs/concepts/architecture/leases/). Clocks of different machines are
 * never compared: other replicas count from when they saw the lease change, the holder from before its request.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #stored: StoredLease | undefined;
  /** When the stored lease was first seen as it is: `performance.now()`. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #calls = 0;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Whether the cluster answered within the time that a lease holds. */
  get isReachable(): boolean {
    return performance.now() - this.#answeredAt < this.#options.timings.seconds * 1_000;
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
    const { identity, timings, logger } = this.#options;
    try {
      const found = await this.#read();
      if (found && !this.#isFree(found)) return undefined;
      const askedAt = performance.now();
      const now = new Date().toISOString().replace('Z', '000Z');
      const spec = {
        holderIdentity: identity,
        leaseDurationSeconds: timings.seconds,
        acquireTime: now,
        renewTime: now,
        leaseTransitions: (found?.spec?.leaseTransitions ?? 0) + (found ? 1 : 0),
      };
      await this.#write(found, spec);
      return new Leadership(askedAt + termMs(timings));
    } catch (error) {
      // Another replica was faster.
      if (!isConflict(error)) logger.warn({ err: error }, 'failed to acquire the lease');
      return undefined;
    }
  }

  #isFree({ spec }: StoredLease): boolean {
    if (!spec?.holderIdentity) return true;
    const { timings } = this.#options;
    const seconds = Math.max(timings.seconds, spec.leaseDurationSeconds ?? 0);
    return performance.now() - this.#seenAt > termMs({ ...timings, seconds });
  }

  async #renew(leadership: Leadership): Promise<void> {
    const { identity, timings, logger } = this.#options;
    let wait = timings.renewMs;
    while (leadership.isHeld) {
      await delay(wait, undefined, { signal: leadership.signal }).catch(() => {});
      if (!leadership.isHeld) return;
      const askedAt = performance.now();
      try {
        this.#stored ??= await this.#read();
        if (this.#stored?.spec?.holderIdentity !== identity) return leadership.end();
        const renewTime = new Date().toISOString().replace('Z', '000Z');
        await this.#write(this.#stored, { ...this.#stored.spec, renewTime });
        leadership.extend(askedAt + termMs(timings));
        wait = timings.renewMs;
      } catch (error) {
        // What is stored is unknown now: it may be what was just sent.
        this.#stored = undefined;
        logger.warn({ err: error }, 'failed to renew the lease');
        wait = jittered(timings.retryMs);
      }
    }
  }

  async #release(): Promise<void> {
    const { identity, logger } = this.#options;
    try {
      const found = await this.#read();
      if (found?.spec?.holderIdentity === identity)
        await this.#write(found, { ...found.spec, holderIdentity: '', leaseDurationSeconds: 1 });
    } catch (error) {
      logger.warn({ err: error }, 'failed to release the lease');
    }
  }

  async #read(): Promise<StoredLease | undefined> {
    const { namespace, name } = this.#options;
    try {
      return this.#remember(await this.#call(getCall(LEASES, namespace, name)));
    } catch (error) {
      if (!(error instanceof KubernetesError && error.isNotFound)) throw error;
      this.#answeredAt = performance.now();
      return undefined;
    }
  }

  /** Creates the lease, or updates the one that was found if it is unchanged (resourceVersion). */
  async #write(found: StoredLease | undefined, spec: NonNullable<StoredLease['spec']>): Promise<void> {
    const { name, namespace } = this.#options;
    const manifest = { apiVersion: apiVersionOf(LEASES), kind: LEASES.kind, spec };
    const call = found
      ? updateCall(LEASES, { namespace, name }, { ...manifest, metadata: found.metadata })
      : createCall(LEASES, { namespace }, { ...manifest, metadata: { name, namespace } });
    this.#remember(await this.#call(call));
  }

  #remember(lease: StoredLease): StoredLease {
    this.#answeredAt = performance.now();
    if (lease.metadata.resourceVersion !== this.#stored?.metadata.resourceVersion || !this.#stored)
      this.#seenAt = this.#answeredAt;
    this.#stored = lease;
    return lease;
  }

  async #call(call: ApiCall): Promise<StoredLease> {
    const { transport, credential, identity, timings } = this.#options;
    this.#calls += 1;
    // A call without a response leaves time for another one before the term ends.
    const timeoutMs = Math.floor((termMs(timings) - timings.renewMs) / 2);
    const signal = AbortSignal.timeout(timeoutMs);
    const scope = createRequestScope(`${identity}.lease.${this.#calls}`, signal, timeoutMs);
    const caller = await backendCaller(credential, scope);
    return transport.json<StoredLease>({ ...call, ...caller, idempotent: false });
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

function jittered(ms: number): number {
  return ms * (LONGEST_JITTER - Math.random() / 2);
}

function isConflict(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode === 409;
}
