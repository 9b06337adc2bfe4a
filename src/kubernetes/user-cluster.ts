import { KubernetesError, type ResourceAttributes } from '../errors.ts';
import { type ResourceLocation, resourcePath } from './path.ts';
import { PODS, type ResourceType, type Stored } from './resources.ts';
import type { RequestScope } from './scope.ts';
import { UserToken } from './token.ts';
import type { Call, ClusterTransport } from './transport.ts';

export interface ListOptions {
  limit?: number | undefined;
  continue?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** A page of a list, as the API server gives it. */
export interface ObjectList<T> {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

export interface LogOptions {
  container?: string | undefined;
  tailLines: number;
  limitBytes: number;
}

/** What a delete must still find, else 409. */
export interface Preconditions {
  uid: string;
  resourceVersion?: string;
}

type AnyObject = Stored<{ metadata?: unknown }>;

/**
 * The cluster as one user within one request: every call carries that user's token and nobody else's. Kubernetes
 * decides what is seen. Errors of each method: KubernetesError, Unavailable, Timeout.
 */
export class UserCluster {
  readonly token: UserToken;
  readonly scope: RequestScope;
  readonly #transport: ClusterTransport;
  readonly #onTokenRejected: () => void;

  /** @param onTokenRejected is called when the cluster answers 401, so that nothing learned with the token is kept. */
  constructor(
    transport: ClusterTransport,
    token: UserToken,
    scope: RequestScope,
    onTokenRejected: () => void = () => {},
  ) {
    this.#transport = transport;
    this.token = token;
    this.scope = scope;
    this.#onTokenRejected = onTokenRejected;
  }

  async list<T extends AnyObject>(
    type: ResourceType,
    namespace: string | undefined,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const call = this.#call('list', 'GET', type, { namespace });
    const page = await this.#json<ObjectList<T> & { apiVersion: string }>({
      ...call,
      query: { ...options },
    });
    // Items of a list come without their type; with it an object is the same from wherever it was read.
    for (const item of page.items) {
      item.apiVersion = page.apiVersion;
      item.kind = type.kind;
    }
    return page;
  }

  get<T extends AnyObject>(type: ResourceType, namespace: string | undefined, name: string): Promise<T> {
    return this.#json(this.#call('get', 'GET', type, { namespace, name }));
  }

  /** As `get`, but null where the object is not there. */
  async find<T extends AnyObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T | null> {
    try {
      return await this.get<T>(type, namespace, name);
    } catch (error) {
      if (error instanceof KubernetesError && error.isNotFound) return null;
      throw error;
    }
  }

  /** A JSON merge patch (RFC 7386). With `metadata.resourceVersion` in it, 409 where the object has changed. */
  patch<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    name: string,
    patch: unknown,
  ): Promise<T> {
    const call = this.#call('patch', 'PATCH', type, { namespace, name });
    return this.#json({ ...call, body: patch, contentType: 'application/merge-patch+json' });
  }

  async delete(
    type: ResourceType,
    namespace: string,
    name: string,
    preconditions: Preconditions,
  ): Promise<void> {
    const call = this.#call('delete', 'DELETE', type, { namespace, name });
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: 'Background' };
    await this.#text({ ...call, body });
  }

  log(namespace: string, pod: string, options: LogOptions): Promise<string> {
    const call = this.#call('get', 'GET', PODS, { namespace, name: pod, subresource: 'log' });
    return this.#text({ ...call, query: { ...options } });
  }

  /** Asks the cluster about the user: a self review, which stores nothing and so may be asked twice. */
  selfReview<T>(type: ResourceType, review: unknown): Promise<T> {
    return this.#json({ ...this.#call('create', 'POST', type, {}), body: review, idempotent: true });
  }

  async #json<T>(call: Call): Promise<T> {
    return this.#watchFor401(this.#transport.json<T>(call));
  }

  async #text(call: Call): Promise<string> {
    return this.#watchFor401(this.#transport.text(call));
  }

  async #watchFor401<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof KubernetesError && error.statusCode === 401) this.#onTokenRejected();
      throw error;
    }
  }

  #call(verb: string, method: Call['method'], type: ResourceType, location: ResourceLocation): Call {
    const attributes: ResourceAttributes = { verb, group: type.group, resource: type.resource, ...location };
    return {
      method,
      path: resourcePath(type, location),
      authorization: UserToken.authorizationOf(this.token),
      identity: 'user',
      attributes,
      scope: this.scope,
      idempotent: method === 'GET',
    };
  }
}
