import { backendCaller } from '../../kubernetes/caller.ts';
import { type ApiCall, createCall, getCall, updateCall } from '../../kubernetes/calls.ts';
import type { Credential } from '../../kubernetes/connection/credential.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { apiVersionOf, LEASES, type Stored } from '../../kubernetes/resources.ts';
import { createRequestScope } from '../../kubernetes/scope.ts';
import type { ClusterTransport } from '../../kubernetes/transport.ts';

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

export type StoredLease = Stored<{ metadata?: unknown; spec?: LeaseSpec }>;

export interface LeaseLockOptions {
  transport: ClusterTransport;
  credential: Credential;
  namespace: string;
  name: string;
  /** Identifies this replica; never used by another one. */
  identity: string;
  callTimeoutMs: number;
}

/** The Lease object: reads and writes it, and records what was seen of it. Errors: KubernetesError, Timeout, Unavailable. */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  #stored: StoredLease | undefined;
  #changeSeenAt = Number.NEGATIVE_INFINITY;
  #respondedAt = Number.NEGATIVE_INFINITY;
  #calls = 0;

  constructor(options: LeaseLockOptions) {
    this.#options = options;
  }

  /** The lease as it was last read or written; undefined if that is not known. */
  get stored(): StoredLease | undefined {
    return this.#stored;
  }

  /** When the present version of the lease was first seen: `performance.now()`. */
  get changeSeenAt(): number {
    return this.#changeSeenAt;
  }

  /** When the cluster last responded: `performance.now()`. */
  get respondedAt(): number {
    return this.#respondedAt;
  }

  /** After a failed write: what is stored may be what was sent. */
  forget(): void {
    this.#stored = undefined;
  }

  /** Undefined if the lease does not exist. */
  async read(): Promise<StoredLease | undefined> {
    const { namespace, name } = this.#options;
    try {
      return this.#remember(await this.#call(getCall(LEASES, namespace, name)));
    } catch (error) {
      if (!(error instanceof KubernetesError && error.isNotFound)) throw error;
      this.#respondedAt = performance.now();
      return undefined;
    }
  }

  /** Creates the lease, or updates the one that was found if it is unchanged (resourceVersion). */
  async write(found: StoredLease | undefined, spec: LeaseSpec): Promise<void> {
    const { name, namespace } = this.#options;
    const manifest = { apiVersion: apiVersionOf(LEASES), kind: LEASES.kind, spec };
    const call = found
      ? updateCall(LEASES, { namespace, name }, { ...manifest, metadata: found.metadata })
      : createCall(LEASES, { namespace }, { ...manifest, metadata: { name, namespace } });
    this.#remember(await this.#call(call));
  }

  #remember(lease: StoredLease): StoredLease {
    this.#respondedAt = performance.now();
    if (lease.metadata.resourceVersion !== this.#stored?.metadata.resourceVersion || !this.#stored)
      this.#changeSeenAt = this.#respondedAt;
    this.#stored = lease;
    return lease;
  }

  async #call(call: ApiCall): Promise<StoredLease> {
    const { transport, credential, identity, callTimeoutMs } = this.#options;
    this.#calls += 1;
    const signal = AbortSignal.timeout(callTimeoutMs);
    const scope = createRequestScope(`${identity}.lease.${this.#calls}`, signal, callTimeoutMs);
    const caller = await backendCaller(credential, scope);
    return transport.json<StoredLease>({ ...call, ...caller, idempotent: false });
  }
}
