import {
  type ApiCall,
  createCall,
  deleteCall,
  jsonPatchCall,
  mergePatchCall,
  type ObjectLocation,
  type Preconditions,
} from '../kubernetes/calls.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import type { ResourceLocation } from '../kubernetes/path.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { CallScope } from '../kubernetes/scope.ts';
import { backendCaller, type ClusterTransport, type Credential } from '../kubernetes/transport.ts';

/**
 * The cluster as the backend's service account. It has no method that reads. Only a Writ gives access to it: no other
 * folder may import this file (test/import-rules.test.ts).
 */
export class BackendCluster {
  readonly #transport: ClusterTransport;
  readonly #credential: Credential;

  constructor(transport: ClusterTransport, credential: Credential) {
    this.#transport = transport;
    this.#credential = credential;
  }

  create<T>(scope: CallScope, type: ResourceType, location: ResourceLocation, manifest: unknown): Promise<T> {
    return this.#write(scope, createCall(type, location, manifest));
  }

  mergePatch<T>(scope: CallScope, type: ResourceType, location: ObjectLocation, patch: unknown): Promise<T> {
    return this.#write(scope, mergePatchCall(type, location, patch));
  }

  jsonPatch<T>(
    scope: CallScope,
    type: ResourceType,
    location: ObjectLocation,
    operations: PatchOperation[],
  ): Promise<T> {
    return this.#write(scope, jsonPatchCall(type, location, operations));
  }

  delete(
    scope: CallScope,
    type: ResourceType,
    location: ObjectLocation,
    preconditions: Preconditions,
  ): Promise<unknown> {
    return this.#write(scope, deleteCall(type, location, preconditions));
  }

  async #write<T>(scope: CallScope, call: ApiCall): Promise<T> {
    return this.#transport.json<T>({ ...call, ...(await backendCaller(this.#credential, scope)) });
  }
}
