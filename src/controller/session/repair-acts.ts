import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import {
  JOBS,
  type ObjectMeta,
  type ResourceType,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Stored,
} from '../../kubernetes/resources.ts';
import { type IssuedToken, secretWithToken, tokenRequest } from '../../model/run-token.ts';
import type { RunActs } from '../../sessions/run/create-run-objects.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { NotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { deleteChild, isAsBuilt } from './run-children.ts';

type Manifest = { metadata?: ObjectMeta };

/**
 * The acts that create a run, as the controller performs them: it adopts an object that a request has left, if it is
 * exactly what the controller would create itself. NotOwned if another object has the name.
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
    // A Job of the session would have been counted: the run would have another number and name.
    if (type === JOBS) throw new NotOwned(type.kind);
    const found = await this.#client.find<Stored<T>>(type, this.#namespace, name);
    if (!found || !isAsBuilt(type, found, manifest)) throw new NotOwned(type.kind);
    return found;
  }

  /** A Secret is never adopted: its content cannot be read, and whoever holds its token could use it. */
  async #replaceSecret<T extends Manifest>(name: string, manifest: T): Promise<Stored<T>> {
    const found = await this.#client.findSecret(this.#namespace, name);
    if (found && sessionOf(found.metadata)?.uid !== sessionOf(manifest.metadata ?? {})?.uid)
      throw new NotOwned(SECRETS.kind);
    if (found) await deleteChild(this.#client, 'deleteRunObject', { type: SECRETS, object: found });
    return this.#create(SECRETS, manifest);
  }

  #uidOf(type: ResourceType): string {
    const uid = this.#uids.get(type);
    if (!uid) throw new TypeError(`the run has no ${type.kind} yet`);
    return uid;
  }
}

export interface TokenSubjects {
  serviceAccount: { name: string; uid: string };
  secret: { name: string; uid: string };
  expirationSeconds: number;
}

/** A token of the run's service account that ends with the run's Secret. */
export async function mintToken(
  client: ReconcileClient,
  namespace: string,
  { serviceAccount, secret, expirationSeconds }: TokenSubjects,
): Promise<IssuedToken> {
  const request = tokenRequest(serviceAccount.uid, secret, expirationSeconds);
  const { name } = serviceAccount;
  const target = {
    act: 'mintRunToken' as const,
    type: SERVICE_ACCOUNTS,
    namespace,
    name,
    subresource: 'token',
  };
  const { status } = await client.create<{ status: IssuedToken }>(target, request);
  return status;
}

export async function storeToken(
  client: ReconcileClient,
  namespace: string,
  name: string,
  precondition: { uid: string; resourceVersion?: string },
  token: string,
  expirationTimestamp: string,
): Promise<void> {
  await client.mergePatch(
    { act: 'storeRunToken', type: SECRETS, namespace, name },
    secretWithToken({ token, expirationTimestamp }, precondition),
  );
}
