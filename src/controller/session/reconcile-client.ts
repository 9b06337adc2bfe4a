import { randomUUID } from 'node:crypto';
import {
  type AccessReview,
  localAccessReviewOf,
  observedReview,
  parseAccessReview,
  type ReviewedUser,
} from '../../kubernetes/access-review.ts';
import type { CallObserver } from '../../kubernetes/call-observer.ts';
import { backendCaller } from '../../kubernetes/caller.ts';
import {
  type ApiCall,
  createCall,
  deleteCall,
  dryRunCreateCall,
  getCall,
  jsonPatchCall,
  listCall,
  mergePatchCall,
  type Preconditions,
  reviewCall,
} from '../../kubernetes/calls.ts';
import type { Credential } from '../../kubernetes/connection/credential.ts';
import type { PatchOperation } from '../../kubernetes/json-patch.ts';
import { nullIfNotFound } from '../../kubernetes/kubernetes-error.ts';
import { METADATA_LIST } from '../../kubernetes/metadata-only.ts';
import { PAGE_SIZE, pages } from '../../kubernetes/pages.ts';
import type { AnyObject, MetadataOnly, ObjectList } from '../../kubernetes/reader.ts';
import type { ResourceAttributes } from '../../kubernetes/resource-attributes.ts';
import {
  EVENTS,
  type KubernetesEvent,
  LOCAL_SUBJECT_ACCESS_REVIEWS,
  type ResourceType,
} from '../../kubernetes/resources.ts';
import {
  type CallScope,
  callIds,
  createScope,
  type OnReview,
  observedScope,
} from '../../kubernetes/scope.ts';
import { SentCalls } from '../../kubernetes/sent-calls.ts';
import type { ClusterTransport } from '../../kubernetes/transport.ts';
import { type AuditRecord, audited } from '../../telemetry/audit.ts';
import type { Leadership } from '../runtime/leadership.ts';

/** Everything that the controller writes. */
export type ControllerAct =
  | 'updateSessionStatus'
  | 'setDesiredPhase'
  | 'createRunObject'
  | 'deleteRunObject'
  | 'mintRunToken'
  | 'storeRunToken'
  | 'deleteJob'
  | 'deleteOrphan'
  | 'createKeySecret'
  | 'noteActiveSessions'
  | 'suspendSchedule'
  | 'recordEvent';

export interface ControllerActRecord extends AuditRecord<ControllerAct> {
  /** The replica. */
  identity: string;
}

/** The object of a write. */
interface WriteTarget {
  act: ControllerAct;
  type: ResourceType;
  namespace: string;
  name?: string | undefined;
  subresource?: string;
}

type ObjectTarget = WriteTarget & { name: string };

interface MergePatch {
  metadata: { uid: string; resourceVersion?: string; annotations?: Record<string, string> };
  status?: object;
  data?: Record<string, string>;
}

/** Of one object. Tenants can create more. */
const MAX_EVENTS = 100;

interface ReconcileClientOptions {
  transport: ClusterTransport;
  credential: Credential;
  leadership: Leadership;
  /** The replica. */
  identity: string;
  audit: (record: ControllerActRecord) => void;
  onReview?: OnReview | undefined;
  /** Called when the pass has ended, if it has made calls. */
  onEnd?: (pass: { requestId: string; calls: number }) => void;
  /** Told of each call. */
  observer?: CallObserver;
}

/**
 * The cluster as the controller's own service account, for one pass over one session or project, while this replica is the
 * leader. All calls of a pass have the same request id in the cluster's audit log.
 * Errors of each method: KubernetesError, Timeout, Unavailable (also if this replica is no longer the leader).
 */
export class ReconcileClient {
  readonly requestId = randomUUID();
  readonly #options: ReconcileClientOptions;
  readonly #scope: CallScope;
  readonly #callCount: () => number;

  constructor(options: ReconcileClientOptions) {
    this.#options = options;
    const { leadership, observer, onReview } = options;
    const ids = callIds(this.requestId, observer && [observer]);
    this.#scope = { ...createScope(ids, leadership.signal), onReview };
    this.#callCount = () => ids.count();
  }

  /** The replica. */
  get identity(): string {
    return this.#options.identity;
  }

  /** Performs the pass with this client. */
  async during<T>(pass: (client: ReconcileClient) => Promise<T>): Promise<T> {
    try {
      return await pass(this);
    } finally {
      const calls = this.#callCount();
      if (calls > 0) this.#options.onEnd?.({ requestId: this.requestId, calls });
    }
  }

  /** The object, or null if it does not exist. */
  find<T extends AnyObject>(type: ResourceType, namespace: string, name: string): Promise<T | null> {
    return this.#json<T>(getCall(type, namespace, name)).catch(nullIfNotFound);
  }

  /** As `find`, for resources that the controller may list but not get: Jobs. */
  async findListed<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    name: string,
  ): Promise<T | null> {
    const call = listCall(type, namespace, { fieldSelector: `metadata.name=${name}` });
    const { items } = await this.#json<ObjectList<T>>(call);
    return items[0] ?? null;
  }

  /** Some of the events about the object with this UID, the oldest first: Kubernetes merges those that are alike. */
  async listEvents(namespace: string, uid: string): Promise<KubernetesEvent[]> {
    const selection = { fieldSelector: `involvedObject.uid=${uid}`, limit: MAX_EVENTS };
    const { items } = await this.#json<ObjectList<KubernetesEvent>>(listCall(EVENTS, namespace, selection));
    return items;
  }

  /**
   * What `trim` returns for the metadata of each object, except undefined. Only metadata is requested and only that result
   * is kept: tenants may store more in a project than fits in memory.
   */
  async listMetadata<T>(
    type: ResourceType,
    namespace: string,
    trim: (metadata: MetadataOnly['metadata']) => T | undefined,
  ): Promise<T[]> {
    const kept: T[] = [];
    const list = pages<MetadataOnly>({ size: PAGE_SIZE }, (page) =>
      this.#json({ ...listCall(type, namespace, page), accept: METADATA_LIST }),
    );
    for await (const { items } of list) {
      for (const { metadata } of items) {
        const trimmed = trim(metadata);
        if (trimmed !== undefined) kept.push(trimmed);
      }
    }
    return kept;
  }

  /** Whether another user may do this in the namespace (LocalSubjectAccessReview). */
  async reviewUser(
    user: ReviewedUser,
    attributes: ResourceAttributes & { namespace: string },
  ): Promise<AccessReview> {
    const { namespace } = attributes;
    const review = localAccessReviewOf(user, attributes);
    const call = reviewCall(LOCAL_SUBJECT_ACCESS_REVIEWS, review, { namespace });
    return observedReview(this.#scope, 'owner', async () => parseAccessReview(await this.#json(call)));
  }

  /** Whether the object could be created: throws what its creation would. Nothing is stored, so it is not an act. */
  async dryRunCreate(type: ResourceType, namespace: string, manifest: unknown): Promise<void> {
    this.#options.leadership.assertHeld();
    await this.#json(dryRunCreateCall(type, { namespace }, manifest));
  }

  create<T>(target: WriteTarget, manifest: unknown): Promise<T> {
    const { type, namespace, name, subresource } = target;
    const location = subresource ? { namespace, name, subresource } : { namespace };
    return this.#write(target, createCall(type, location, manifest));
  }

  /** A JSON merge patch (RFC 7386); uid and resourceVersion in its metadata are preconditions. */
  mergePatch<T>(target: ObjectTarget, patch: MergePatch): Promise<T> {
    return this.#write(target, mergePatchCall(target.type, locationOf(target), patch));
  }

  /** A JSON patch (RFC 6902); its test operations are preconditions: 422 if one fails. */
  jsonPatch<T>(target: ObjectTarget, operations: PatchOperation[]): Promise<T> {
    return this.#write(target, jsonPatchCall(target.type, locationOf(target), operations));
  }

  async delete(target: ObjectTarget, preconditions: Preconditions): Promise<void> {
    await this.#write(target, deleteCall(target.type, locationOf(target), preconditions));
  }

  async #write<T>(target: WriteTarget, call: ApiCall): Promise<T> {
    const { leadership, audit, identity } = this.#options;
    const { act, type, namespace, name } = target;
    leadership.assertHeld();
    const calls = new SentCalls();
    return audited(
      { act, kind: type.kind, namespace, name, requestId: this.requestId, calls },
      (record) => audit({ ...record, identity }),
      () => this.#json<T>(call, observedScope(this.#scope, calls)),
    );
  }

  async #json<T>(call: ApiCall, scope = this.#scope): Promise<T> {
    const { transport, credential } = this.#options;
    return transport.json<T>({ ...call, ...(await backendCaller(credential, scope)) });
  }
}

function locationOf({ namespace, name, subresource }: ObjectTarget) {
  return { namespace, name, subresource };
}
