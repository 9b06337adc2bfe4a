import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesError } from '../errors.ts';
import { resourcePath } from '../kubernetes/path.ts';
import type { ResourceType, Stored } from '../kubernetes/resources.ts';
import { createRequestScope } from '../kubernetes/scope.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import type { ControllerLogger } from './controller.ts';
import { Leadership } from './leadership.ts';
import type { ControllerTimings } from './timings.ts';

const LEASES: ResourceType = Object.freeze({
  group: 'coordination.k8s.io',
  version: 'v1',
  resource: 'leases',
  kind: 'Lease',
  namespaced: true,
});

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
  credential: () => Promise<string | undefined>;
  namespace: string;
  name: string;
  /** Of this replica, and of no other that ever was. */
  identity: string;
  timings: ControllerTimings['lease'];
  logger: ControllerLogger;
}

/**
 * One active replica at a time, by a Lease (https://kubernetes.io/docs/concepts/architecture/leases/). No clock is
 * compared with another machine's: others count from when they saw the lease change, its holder from before it asked.
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

  /** Calls `lead` whenever this replica holds the lease, until the signal; then it gives the lease back. */
  async run(signal: AbortSignal, lead: (leadership: Leadership) => Promise<void>): Promise<void> {
    const { timings, logger, identity } = this.#options;
    while (!signal.aborted) {
      const leadership = await this.#try();
      if (leadership) {
        logger.info({ identity }, 'leads');
        const renewing = this.#renew(leadership);
        await lead(leadership).catch((error: unknown) => logger.error({ err: error }, 'its work has failed'));
        const wasHeld = leadership.isHeld;
        leadership.end();
        await renewing;
        if (wasHeld) await this.#release();
        logger.info({ identity }, wasHeld ? 'gave the lead back' : 'lost the lead');
      }
      await delay(jittered(timings.retryMs), undefined, { signal }).catch(() => {});
    }
  }

  /** Takes the lease if nobody holds it. */
  async #try(): Promise<Leadership | undefined> {
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
      // Somebody else was faster.
      if (!isConflict(error)) logger.warn({ err: error }, 'the lease cannot be taken');
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
        // What is stored is not known now: it may even be what was just sent.
        this.#stored = undefined;
        logger.warn({ err: error }, 'the lease cannot be renewed');
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
      logger.warn({ err: error }, 'the lease cannot be given back');
    }
  }

  async #read(): Promise<StoredLease | undefined> {
    const { name } = this.#options;
    try {
      return this.#remember(await this.#call<StoredLease>('get', 'GET', name));
    } catch (error) {
      if (!(error instanceof KubernetesError && error.isNotFound)) throw error;
      this.#answeredAt = performance.now();
      return undefined;
    }
  }

  /** A new lease, or the found one if nobody has written it since (resourceVersion). */
  async #write(found: StoredLease | undefined, spec: NonNullable<StoredLease['spec']>): Promise<void> {
    const { name, namespace } = this.#options;
    const typed = { apiVersion: 'coordination.k8s.io/v1', kind: LEASES.kind, spec };
    const stored = found
      ? await this.#call<StoredLease>('update', 'PUT', name, { ...typed, metadata: found.metadata })
      : await this.#call<StoredLease>('create', 'POST', undefined, {
          ...typed,
          metadata: { name, namespace },
        });
    this.#remember(stored);
  }

  #remember(lease: StoredLease): StoredLease {
    this.#answeredAt = performance.now();
    if (lease.metadata.resourceVersion !== this.#stored?.metadata.resourceVersion || !this.#stored)
      this.#seenAt = this.#answeredAt;
    this.#stored = lease;
    return lease;
  }

  async #call<T>(verb: string, method: 'GET' | 'PUT' | 'POST', name?: string, body?: unknown): Promise<T> {
    const { transport, credential, namespace, identity, timings } = this.#options;
    this.#calls += 1;
    // One call that gets no answer leaves time for another before the term ends.
    const timeoutMs = Math.floor((termMs(timings) - timings.renewMs) / 2);
    const signal = AbortSignal.timeout(timeoutMs);
    return transport.json<T>({
      method,
      path: resourcePath(LEASES, { namespace, name }),
      authorization: await credential(),
      identity: 'backend',
      attributes: { verb, group: LEASES.group, resource: LEASES.resource, namespace, name },
      scope: createRequestScope(`${identity}.lease.${this.#calls}`, signal, timeoutMs),
      idempotent: false,
      ...(body !== undefined && { body }),
    });
  }
}

/**
 * How long a renewal holds, for its holder and for the others. Shorter than the lease by the two attempts that it takes
 * the others to see the last renewal and then to be the first: so they have taken over when the lease ends.
 */
function termMs({ seconds, retryMs }: ControllerTimings['lease']): number {
  return seconds * 1_000 - 2 * LONGEST_JITTER * retryMs;
}

const LONGEST_JITTER = 1.25;

function jittered(ms: number): number {
  return ms * (LONGEST_JITTER - Math.random() / 2);
}

function isConflict(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode === 409;
}
