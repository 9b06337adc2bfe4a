import {
  type AccessReview,
  localAccessReviewOf,
  parseAccessReview,
  type ReviewedUser,
} from '../kubernetes/access-review.ts';
import { backendCaller } from '../kubernetes/caller.ts';
import {
  type ApiCall,
  createCall,
  deleteCall,
  jsonPatchCall,
  mergePatchCall,
  type ObjectLocation,
  type Preconditions,
  reviewCall,
} from '../kubernetes/calls.ts';
import type { Credential } from '../kubernetes/connection/credential.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import type { ResourceLocation } from '../kubernetes/path.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { LOCAL_SUBJECT_ACCESS_REVIEWS, type ResourceType } from '../kubernetes/resources.ts';
import type { CallScope } from '../kubernetes/scope.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';

/** What a write belongs to. */
export interface WriteContext {
  scope: CallScope;
  /** Called when the write's turn has come, right before it is sent or sent again. If it throws, nothing is sent. */
  beforeSend(): void;
  /** Until when it may be sent again: `performance.now()`. */
  sendUntil: number;
}

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

  /**
   * Asks what another user may do in a namespace (LocalSubjectAccessReview). It stores nothing and reads no object, but its
   * answer is about somebody else: only {@link createScheduleAuthority} asks, for the owner of the schedule that calls.
   */
  async reviewOwner(
    scope: CallScope,
    owner: ReviewedUser,
    attributes: ResourceAttributes & { namespace: string },
  ): Promise<AccessReview> {
    const { namespace } = attributes;
    const call = reviewCall(LOCAL_SUBJECT_ACCESS_REVIEWS, localAccessReviewOf(owner, attributes), {
      namespace,
    });
    const caller = await backendCaller(this.#credential, scope);
    return parseAccessReview(await this.#transport.json({ ...call, ...caller }));
  }

  create<T>(
    context: WriteContext,
    type: ResourceType,
    location: ResourceLocation,
    manifest: unknown,
  ): Promise<T> {
    return this.#write(context, createCall(type, location, manifest));
  }

  mergePatch<T>(
    context: WriteContext,
    type: ResourceType,
    location: ObjectLocation,
    patch: unknown,
  ): Promise<T> {
    return this.#write(context, mergePatchCall(type, location, patch));
  }

  jsonPatch<T>(
    context: WriteContext,
    type: ResourceType,
    location: ObjectLocation,
    operations: PatchOperation[],
  ): Promise<T> {
    return this.#write(context, jsonPatchCall(type, location, operations));
  }

  delete(
    context: WriteContext,
    type: ResourceType,
    location: ObjectLocation,
    preconditions: Preconditions,
  ): Promise<unknown> {
    return this.#write(context, deleteCall(type, location, preconditions));
  }

  async #write<T>({ scope, ...sending }: WriteContext, call: ApiCall): Promise<T> {
    const caller = await backendCaller(this.#credential, scope);
    return this.#transport.json<T>({ ...call, ...caller, ...sending });
  }
}
