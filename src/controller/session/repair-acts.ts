import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import {
  JOBS,
  type ResourceType,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Stored,
} from '../../kubernetes/resources.ts';
import type { RunActs } from '../../sessions/run/create-run-objects.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { NotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { deleteChild, isAdoptable, type Manifest } from './run-children.ts';
import { mintToken, storeToken } from './run-token.ts';

/**
 * The acts that create a run, for a repair: an object that already exists is adopted if it grants exactly the same rights. A
 * Secret is replaced, and a Job is never adopted. NotOwned if another object has the name.
 */
export class RepairActs implements RunActs {
  readonly #client: ReconcileClient;
  readonly #namespace: string;
  readonly #uids = new Map<ResourceType, string>();

  constructor(client: ReconcileClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  async createRunObject<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const stored = await this.#create(type, manifest).catch((error: unknown) => {
      if (error instanceof KubernetesError && error.isAlreadyExists) return this.#adopt(type, manifest);
      throw error;
    });
    this.#uids.set(type, stored.metadata.uid);
    return stored;
  }

  async mintRunToken(serviceAccount: string, secret: string, expirationSeconds: number) {
    return mintToken(this.#client, this.#namespace, {
      serviceAccount: { name: serviceAccount, uid: this.#uidOf(SERVICE_ACCOUNTS) },
      secret: { name: secret, uid: this.#uidOf(SECRETS) },
      expirationSeconds,
    });
  }

  async storeRunToken(secret: string, token: string, expirationTimestamp: string): Promise<void> {
    const precondition = { uid: this.#uidOf(SECRETS) };
    await storeToken(this.#client, this.#namespace, secret, precondition, token, expirationTimestamp);
  }

  #create<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const target = {
      act: 'createRunObject' as const,
      type,
      namespace: this.#namespace,
      name: manifest.metadata?.name,
    };
    return this.#client.create<Stored<T>>(target, manifest);
  }

  async #adopt<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const name = manifest.metadata?.name ?? '';
    if (type === SECRETS) return this.#replaceSecret(name, manifest);
    // A Job of this session would have been counted, and the run would have another number.
    if (type === JOBS) throw new NotOwned(type.kind);
    const found = await this.#client.find<Stored<T>>(type, this.#namespace, name);
    if (!found || !isAdoptable(type, found, manifest)) throw new NotOwned(type.kind);
    return found;
  }

  /** A Secret is not adopted: the controller cannot read its content, and others may have the token in it. */
  async #replaceSecret<T extends Manifest>(name: string, manifest: T): Promise<Stored<T>> {
    const found = await this.#client.findSecret(this.#namespace, name);
    if (found && sessionOf(found.metadata)?.uid !== sessionOf(manifest.metadata ?? {})?.uid)
      throw new NotOwned(SECRETS.kind);
    if (found) await deleteChild(this.#client, 'deleteRunObject', { type: SECRETS, object: found });
    return this.#create(SECRETS, manifest);
  }

  #uidOf(type: ResourceType): string {
    const uid = this.#uids.get(type);
    if (!uid) throw new TypeError(`the run's ${type.kind} has not been created`);
    return uid;
  }
}
