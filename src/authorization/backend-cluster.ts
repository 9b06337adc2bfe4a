import type { ResourceAttributes } from '../errors.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import { type ResourceLocation, resourcePath } from '../kubernetes/path.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { RequestScope } from '../kubernetes/scope.ts';
import type { Call, ClusterTransport } from '../kubernetes/transport.ts';

/** The Authorization header of the backend's own identity; undefined where a client certificate is its identity. */
export type BackendCredential = () => Promise<string | undefined>;

/**
 * The cluster as the backend's service account. It has no way to read, and only the Writ holds one: nothing
 * outside of this folder may import this file (test/import-rules.test.ts).
 */
export class BackendCluster {
  readonly #transport: ClusterTransport;
  readonly #credential: BackendCredential;

  constructor(transport: ClusterTransport, credential: BackendCredential) {
    this.#transport = transport;
    this.#credential = credential;
  }

  create<T>(
    scope: RequestScope,
    type: ResourceType,
    location: ResourceLocation,
    manifest: unknown,
  ): Promise<T> {
    return this.#write(scope, 'create', 'POST', type, location, { body: manifest });
  }

  /**
   * A JSON merge patch (RFC 7386). A resourceVersion in its metadata is a precondition (409), a uid in it as well
   * (422), but not on a status subresource, where it is ignored.
   */
  patch<T>(scope: RequestScope, type: ResourceType, location: ResourceLocation, patch: unknown): Promise<T> {
    const contentType = 'application/merge-patch+json';
    return this.#write(scope, 'patch', 'PATCH', type, location, { body: patch, contentType });
  }

  /** A JSON patch (RFC 6902), done as a whole or not at all: 422 where one of its tests fails. */
  patchIf<T>(
    scope: RequestScope,
    type: ResourceType,
    location: ResourceLocation,
    operations: PatchOperation[],
  ): Promise<T> {
    const contentType = 'application/json-patch+json';
    return this.#write(scope, 'patch', 'PATCH', type, location, { body: operations, contentType });
  }

  /** `propagationPolicy` is always said: without it a Job's pods would stay behind. */
  delete(
    scope: RequestScope,
    type: ResourceType,
    location: ResourceLocation,
    preconditions: { uid: string },
    propagationPolicy: 'Foreground' | 'Background',
  ): Promise<unknown> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy };
    return this.#write(scope, 'delete', 'DELETE', type, location, { body });
  }

  async #write<T>(
    scope: RequestScope,
    verb: string,
    method: Call['method'],
    type: ResourceType,
    location: ResourceLocation,
    content: Pick<Call, 'body' | 'contentType'>,
  ): Promise<T> {
    const attributes: ResourceAttributes = { verb, group: type.group, resource: type.resource, ...location };
    return this.#transport.json<T>({
      method,
      path: resourcePath(type, location),
      query: { fieldManager: 'writ' },
      ...content,
      authorization: await this.#credential(),
      identity: 'backend',
      attributes,
      scope,
      idempotent: false,
    });
  }
}
