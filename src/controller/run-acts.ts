import { KubernetesError } from '../errors.ts';
import {
  JOBS,
  type ObjectMeta,
  type ResourceType,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Stored,
} from '../kubernetes/resources.ts';
import { type IssuedToken, secretWithToken, tokenRequest } from '../kubernetes/run-token.ts';
import type { RunActs } from '../sessions/run/ensure-run.ts';
import { sessionOf } from '../sessions/run/run-objects.ts';
import { deleteChild, ForeignChild, isAsBuilt } from './children.ts';
import type { Turn } from './controller-cluster.ts';

type Manifest = { metadata?: ObjectMeta };

/**
 * The acts that make a run as the controller performs them: it takes up what a request has left, if that is exactly what
 * it would have made itself. ForeignChild where something else has the name.
 */
export class RepairActs implements RunActs {
  readonly #turn: Turn;
  readonly #namespace: string;
  readonly #uids = new Map<ResourceType, string>();

  constructor(turn: Turn, namespace: string) {
    this.#turn = turn;
    this.#namespace = namespace;
  }

  async createRunObject<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const stored = await this.#create(type, manifest).catch((error: unknown) => {
      if (error instanceof KubernetesError && error.isAlreadyExists) return this.#takeUp(type, manifest);
      throw error;
    });
    this.#uids.set(type, stored.metadata.uid);
    return stored;
  }

  async mintRunToken(serviceAccount: string, secret: string, expirationSeconds: number) {
    return mintToken(this.#turn, this.#namespace, {
      serviceAccount: { name: serviceAccount, uid: this.#uidOf(SERVICE_ACCOUNTS) },
      secret: { name: secret, uid: this.#uidOf(SECRETS) },
      expirationSeconds,
    });
  }

  async storeRunToken(secret: string, token: string, expirationTimestamp: string): Promise<void> {
    const precondition = { uid: this.#uidOf(SECRETS) };
    await storeToken(this.#turn, this.#namespace, secret, precondition, token, expirationTimestamp);
  }

  #create<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const subject = {
      act: 'createRunObject' as const,
      type,
      namespace: this.#namespace,
      name: manifest.metadata?.name,
    };
    return this.#turn.create<Stored<T>>(subject, manifest);
  }

  async #takeUp<T extends Manifest>(type: ResourceType, manifest: T): Promise<Stored<T>> {
    const name = manifest.metadata?.name ?? '';
    if (type === SECRETS) return this.#replaceSecret(name, manifest);
    // A Job of the session would have been counted: the number, and so the name, would be another.
    if (type === JOBS) throw new ForeignChild(type.kind);
    const found = await this.#turn.find<Stored<T>>(type, this.#namespace, name);
    if (!found || !isAsBuilt(type, found, manifest)) throw new ForeignChild(type.kind);
    return found;
  }

  async #replaceSecret<T extends Manifest>(name: string, manifest: T): Promise<Stored<T>> {
    const found = await this.#turn.findSecret(this.#namespace, name).catch((error: unknown) => {
      // The policy writ-runs lets nobody touch a Secret that is not a run's.
      if (error instanceof KubernetesError && error.statusCode === 403) throw new ForeignChild(SECRETS.kind);
      throw error;
    });
    if (found && sessionOf(found.metadata)?.uid !== sessionOf(manifest.metadata ?? {})?.uid)
      throw new ForeignChild(SECRETS.kind);
    if (found) await deleteChild(this.#turn, 'deleteRunObject', { type: SECRETS, object: found });
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
  turn: Turn,
  namespace: string,
  { serviceAccount, secret, expirationSeconds }: TokenSubjects,
): Promise<IssuedToken> {
  const request = tokenRequest(serviceAccount.uid, secret, expirationSeconds);
  const { name } = serviceAccount;
  const subject = { act: 'mintRunToken' as const, type: SERVICE_ACCOUNTS, namespace, name };
  const answer = await turn.create<{ status: IssuedToken }>(subject, request, 'token');
  return answer.status;
}

export async function storeToken(
  turn: Turn,
  namespace: string,
  name: string,
  precondition: { uid: string; resourceVersion?: string },
  token: string,
  expirationTimestamp: string,
): Promise<void> {
  await turn.patch(
    { act: 'storeRunToken', type: SECRETS, namespace, name },
    secretWithToken({ token, expirationTimestamp }, precondition),
  );
}
