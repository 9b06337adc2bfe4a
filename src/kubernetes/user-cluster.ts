import { memoryBytes } from '../budgets/value-size.ts';
import { ResponseTooLarge, Unavailable } from '../errors.ts';
import type { CallObserver } from './call-observer.ts';
import type { Call } from './caller.ts';
import {
  type ApiCall,
  createCall,
  deleteCall,
  discoveryCall,
  dryRunCreateCall,
  followLogCall,
  getCall,
  jsonPatchCall,
  listCall,
  logCall,
  type Preconditions,
  reviewCall,
  watchCall,
} from './calls.ts';
import type { PatchOperation } from './json-patch.ts';
import { KubernetesError, nullIfNotFound } from './kubernetes-error.ts';
import { METADATA_LIST } from './metadata-only.ts';
import type { ResourceLocation } from './path.ts';
import type {
  AnyObject,
  FollowLogOptions,
  ListNamespace,
  ListOptions,
  LogOptions,
  MetadataOnly,
  ObjectList,
  Reader,
  WatchEvent,
  WatchOptions,
} from './reader.ts';
import type { ResourceType } from './resources.ts';
import { type CallScope, createScope, observedScope } from './scope.ts';
import { UserToken } from './token.ts';
import type { ClusterTransport } from './transport.ts';

/**
 * The cluster as one user, for one request: each call carries that user's token and no other, and RBAC decides what the
 * user sees. Errors of each method: KubernetesError, Unavailable, Timeout, ResponseTooLarge.
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

  /** The same user, for calls that go on after the request's deadline: what it has left half done is removed. */
  until(deadline: AbortSignal): UserCluster {
    const scope = createScope(this.scope, deadline);
    return new UserCluster(this.#transport, this.token, scope, this.#onTokenRejected);
  }

  /** The same user, for calls that are told to one more observer. */
  observedBy(observer: CallObserver): UserCluster {
    const scope = observedScope(this.scope, observer);
    return new UserCluster(this.#transport, this.token, scope, this.#onTokenRejected);
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

  async listMetadata(
    type: ResourceType,
    namespace: string | undefined,
    options: ListOptions = {},
  ): Promise<ObjectList<MetadataOnly>> {
    const call = { ...listCall(type, namespace, options), accept: METADATA_LIST };
    const { value, length } = await this.#measured<ObjectList<MetadataOnly>>(call);
    // The API server encodes an empty list of metadata with `items: null`.
    return { ...value, items: value.items ?? [], length };
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

  /** The names of the resources that the cluster serves of the type's group and version; 404 if it does not serve these. */
  async discover(type: ResourceType): Promise<string[]> {
    const { resources } = await this.#json<{ resources?: { name?: unknown }[] }>(discoveryCall(type));
    return (Array.isArray(resources) ? resources : []).flatMap((resource) =>
      typeof resource?.name === 'string' ? [resource.name] : [],
    );
  }

  async log(namespace: string, pod: string, options: LogOptions): Promise<string> {
    const text = await this.#text(logCall(namespace, pod, options));
    this.scope.budget?.keep(memoryBytes(text));
    return text;
  }

  async followLog(
    namespace: string,
    pod: string,
    options: FollowLogOptions,
  ): Promise<AsyncIterable<Uint8Array>> {
    try {
      return await this.#transport.stream(
        this.#asUser(followLogCall(namespace, pod, options)),
        options.idleMs,
      );
    } catch (error) {
      this.#noteRejectedToken(error);
      throw error;
    }
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

  /**
   * Creates an object, as the user: the API server's own checks (RBAC, escalation, admission) decide. It is never sent twice.
   *
   * @param location a collection, or a subresource of an object, such as `token` of a ServiceAccount
   */
  create<T>(type: ResourceType, location: ResourceLocation, manifest: unknown): Promise<T> {
    return this.#json<T>(createCall(type, location, manifest));
  }

  /** Asks whether the object could be created, by the same checks as `create`. Nothing is stored. */
  async dryRunCreate(type: ResourceType, location: ResourceLocation, manifest: unknown): Promise<void> {
    await this.#text(dryRunCreateCall(type, location, manifest));
  }

  /** A JSON patch (RFC 6902); its test operations are preconditions: 422 if one fails. */
  patch<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    name: string,
    operations: PatchOperation[],
  ): Promise<T> {
    return this.#json(jsonPatchCall(type, { namespace, name }, operations));
  }

  async delete(
    type: ResourceType,
    namespace: string,
    name: string,
    preconditions: Preconditions,
  ): Promise<void> {
    await this.#text(deleteCall(type, { namespace, name }, preconditions));
  }

  /**
   * Creates a self review (SelfSubjectAccessReview and kin). It stores nothing. Everybody may do so: an API server that denies
   * it is starting, and does not know the RBAC objects yet, or the cluster has no binding of system:basic-user.
   *
   * @param options transient: the caller keeps next to nothing of the answer
   */
  async selfReview<T>(
    type: ResourceType,
    review: unknown,
    { transient = false }: { transient?: boolean } = {},
  ): Promise<T> {
    try {
      const call = reviewCall(type, review);
      return transient ? (await this.#measured<T>(call)).value : await this.#json<T>(call);
    } catch (error) {
      if (!(error instanceof KubernetesError && error.statusCode === 403)) throw error;
      throw new Unavailable('The cluster cannot tell yet what users may do', {}, { cause: error });
    }
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
    const read = async (page: ListOptions) => {
      const { value, length } = await this.#measured<ObjectList<T> & { apiVersion: string }>(
        listCall(type, namespace, this.#withinBudget(page)),
      );
      if (!Array.isArray(value.items)) throw new Unavailable("The cluster's response is not a list");
      if (!page.transient) this.#keepPage(value, page);
      return Object.assign(value, { length });
    };
    try {
      return await read(options);
    } catch (error) {
      const newToken = error instanceof KubernetesError && error.isExpired && error.status.metadata?.continue;
      if (!newToken || !options.continue) throw error;
      return read({ ...options, continue: newToken });
    }
  }

  /** More than one object is not read at once if the request could not keep them. */
  #withinBudget(page: ListOptions): ListOptions {
    const { budget } = this.scope;
    if (!budget || page.transient || page.maxBytes === undefined) return page;
    budget.assertRoom();
    return { ...page, maxBytes: Math.min(page.maxBytes, budget.bytesLeft) };
  }

  /** A page of several objects that the request cannot keep is too large, as one that is too long: fewer may fit. */
  #keepPage(value: unknown, { maxBytes }: ListOptions): void {
    const { budget } = this.scope;
    if (!budget) return;
    const bytes = budget.measure(() => memoryBytes(value));
    if (maxBytes !== undefined && bytes > budget.bytesLeft) {
      throw new ResponseTooLarge('The objects of the page are larger than the request may keep');
    }
    budget.keep(bytes);
  }

  /** An object, which the request keeps. */
  async #json<T>(call: ApiCall): Promise<T> {
    const { value } = await this.#measured<T>(call);
    const { budget } = this.scope;
    // What a write has done must not be reported as refused.
    if (call.idempotent) budget?.keep(budget.measure(() => memoryBytes(value)));
    return value;
  }

  async #measured<T>(call: ApiCall): Promise<{ value: T; length: number }> {
    try {
      return await this.#transport.measured<T>(this.#asUser(call));
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
