import { KubernetesError, nullIfNotFound } from '../../kubernetes/kubernetes-error.ts';
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
import {
  type Child,
  deleteChild,
  deleteChildren,
  isAdoptable,
  type Manifest,
  secretOf,
} from './run-children.ts';
import { mintToken, storeToken } from './run-token.ts';

/**
 * The acts that create a run, for a repair: a Role or RoleBinding that already exists is adopted if it grants exactly the
 * same rights. A Secret is replaced, and so is the ServiceAccount that has its UID; a Job is never adopted. NotOwned if
 * another object has the name.
 */
export class RepairActs implements RunActs {
  readonly #client: ReconcileClient;
  readonly #namespace: string;
  readonly #created = new Map<ResourceType, Child>();

  constructor(client: ReconcileClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  async createRunObject<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    return this.#create(type, manifest).catch((error: unknown) => {
      if (error instanceof KubernetesError && error.isAlreadyExists) return this.#useExisting(type, manifest);
      throw error;
    });
  }

  async mintRunToken(serviceAccount: string, secret: string, expirationSeconds: number) {
    return mintToken(this.#client, this.#namespace, {
      serviceAccount: { name: serviceAccount, uid: this.#uidOf(SERVICE_ACCOUNTS) },
      secret: { name: secret, uid: this.#uidOf(SECRETS) },
      expirationSeconds,
    });
  }

  async storeRunToken(secret: string, token: string): Promise<void> {
    await storeToken(this.#client, this.#namespace, { name: secret, uid: this.#uidOf(SECRETS) }, token);
  }

  /** Deletes the objects that were created, the Secret first; not those that existed. */
  async undo(): Promise<void> {
    await deleteChildren(this.#client, 'deleteRunObject', [...this.#created.values()]);
  }

  async #create<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const name = manifest.metadata?.name;
    const target = { act: 'createRunObject' as const, type, namespace: this.#namespace, name };
    const object = await this.#client.create<Stored<T>>(target, manifest);
    const { uid, ownerReferences } = object.metadata;
    // Without its resourceVersion: storing the token changes that of the Secret.
    const metadata = {
      name: name ?? '',
      namespace: this.#namespace,
      uid,
      ...(ownerReferences && { ownerReferences }),
    };
    this.#created.set(type, { type, object: { metadata } });
    return object;
  }

  async #useExisting<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const name = manifest.metadata?.name ?? '';
    if (type === SECRETS) return this.#replaceSecret(name, manifest);
    // One of this session would have been counted, unless it has just arrived: the repair looks again.
    if (type === JOBS) throw new NotOwned(type.kind);
    const found = await this.#client.find<Stored<T>>(type, this.#namespace, name);
    if (!found || !isAdoptable(type, found, manifest)) throw new NotOwned(type.kind);
    if (type !== SERVICE_ACCOUNTS) return found;
    await deleteChild(this.#client, 'deleteRunObject', { type, object: found }).catch(nullIfNotFound);
    return this.#create(type, manifest);
  }

  /**
   * A Secret is not adopted: the controller cannot read its content, and others may have the token in it. It is deleted by
   * the UID that the run's ServiceAccount has. NotOwned if that is not known, or not the Secret's.
   */
  async #replaceSecret<T extends Manifest>(name: string, manifest: T): Promise<Stored<T>> {
    const account = await this.#client.find<Stored<Manifest>>(SERVICE_ACCOUNTS, this.#namespace, name);
    const isOwn = account && sessionOf(account.metadata)?.uid === sessionOf(manifest.metadata ?? {})?.uid;
    const secret = isOwn ? secretOf(account) : undefined;
    if (!secret) throw new NotOwned(SECRETS.kind);
    await deleteChildren(this.#client, 'deleteRunObject', [secret]);
    return this.#create(SECRETS, manifest).catch((error: unknown) => {
      if (error instanceof KubernetesError && error.isAlreadyExists) throw new NotOwned(SECRETS.kind);
      throw error;
    });
  }

  #uidOf(type: ResourceType): string {
    const child = this.#created.get(type);
    if (!child) throw new TypeError(`the run's ${type.kind} has not been created`);
    return child.object.metadata.uid;
  }
}
