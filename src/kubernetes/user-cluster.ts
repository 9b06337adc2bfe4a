import {
  type ApiCall,
  deleteCall,
  getCall,
  listCall,
  logCall,
  mergePatchCall,
  type Preconditions,
  reviewCall,
  watchCall,
} from './calls.ts';
import { KubernetesError, nullIfNotFound } from './kubernetes-error.ts';
import type {
  AnyObject,
  ListNamespace,
  ListOptions,
  LogOptions,
  ObjectList,
  Reader,
  WatchEvent,
  WatchOptions,
} from './reader.ts';
import type { ResourceType } from './resources.ts';
import type { CallScope } from './scope.ts';
import { UserToken } from './token.ts';
import type { Call, ClusterTransport } from './transport.ts';

/**
 * The cluster as one user, for one request: each call carries that user's token and no other, and RBAC decides what the
 * user sees. Errors of each method: KubernetesError, Unavailable, Timeout, AnswerTooLarge.
 */
export class UserCluster implements Reader {
  readonly token: UserToken;
  readonly scope: CallScope;
  /** The URL of the API server. */
  readonly server: string;
  readonly #transport: ClusterTransport;
  readonly #onTokenRejected: () => void;

  /** @param onTokenRejected is called when the cluster returns 401: what was read with the token must be dropped */
  constructor(
    transport: ClusterTransport,
    token: UserToken,
    scope: CallScope,
    onTokenRejected: () => void = () => {},
  ) {
    this.#transport = transport;
    this.token = token;
    this.scope = scope;
    this.server = transport.server;
    this.#onTokenRejected = onTokenRejected;
  }

  async list<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const page = await this.#listPage<T>(type, namespace, options);
    // The API server omits the type of a list's items; with it they are the same as objects that `get` returns.
    for (const item of page.items) {
      item.apiVersion = page.apiVersion;
      item.kind = type.kind;
    }
    return page;
  }

  get<T extends AnyObject>(type: ResourceType, namespace: string | undefined, name: string): Promise<T> {
    return this.#json(getCall(type, namespace, name));
  }

  find<T extends AnyObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T | null> {
    return this.get<T>(type, namespace, name).catch(nullIfNotFound);
  }

  log(namespace: string, pod: string, options: LogOptions): Promise<string> {
    return this.#text(logCall(namespace, pod, options));
  }

  async *watch<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    try {
      yield* this.#transport.watch<T>(this.#asUser(watchCall(type, namespace, options)), options.idleMs);
    } catch (error) {
      this.#noteRejectedToken(error);
      throw error;
    }
  }

  /** A JSON merge patch (RFC 7386). With `metadata.resourceVersion` in it, 409 if the object has changed. */
  patch<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    name: string,
    patch: unknown,
  ): Promise<T> {
    return this.#json(mergePatchCall(type, { namespace, name }, patch));
  }

  async delete(
    type: ResourceType,
    namespace: string,
    name: string,
    preconditions: Preconditions,
  ): Promise<void> {
    await this.#text(deleteCall(type, { namespace, name }, preconditions));
  }

  /** Creates a self review (SelfSubjectAccessReview and kin). It stores nothing. */
  selfReview<T>(type: ResourceType, review: unknown): Promise<T> {
    return this.#json(reviewCall(type, review));
  }

  /**
   * The 410 for an expired continue token may have a new token, which continues at the same key in the current list:
   * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
   */
  async #listPage<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: ListOptions,
  ): Promise<ObjectList<T> & { apiVersion: string }> {
    try {
      return await this.#json(listCall(type, namespace, options));
    } catch (error) {
      const newToken = error instanceof KubernetesError && error.isExpired && error.status.metadata?.continue;
      if (!newToken || !options.continue) throw error;
      return this.#json(listCall(type, namespace, { ...options, continue: newToken }));
    }
  }

  async #json<T>(call: ApiCall): Promise<T> {
    try {
      return await this.#transport.json<T>(this.#asUser(call));
    } catch (error) {
      this.#noteRejectedToken(error);
      throw error;
    }
  }

  async #text(call: ApiCall): Promise<string> {
    try {
      return await this.#transport.text(this.#asUser(call));
    } catch (error) {
      this.#noteRejectedToken(error);
      throw error;
    }
  }

  #noteRejectedToken(error: unknown): void {
    if (error instanceof KubernetesError && error.statusCode === 401) this.#onTokenRejected();
  }

  #asUser(call: ApiCall): Call {
    const authorization = UserToken.authorizationOf(this.token);
    return { ...call, authorization, identity: 'user', scope: this.scope };
  }
}
