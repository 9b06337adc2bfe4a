import { randomUUID } from 'node:crypto';
import { KubernetesError, type ResourceAttributes } from '../errors.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import { PAGE_SIZE, pages } from '../kubernetes/pages.ts';
import { type ResourceLocation, resourcePath } from '../kubernetes/path.ts';
import { JOBS, type ObjectMeta, type ResourceType, SECRETS, type Stored } from '../kubernetes/resources.ts';
import type { RequestScope } from '../kubernetes/scope.ts';
import type { Call, ClusterTransport } from '../kubernetes/transport.ts';
import type { ObjectList } from '../kubernetes/user-cluster.ts';
import type { Leadership } from './leadership.ts';

/** What the controller writes at all. */
export type ControllerAct =
  | 'updateSessionStatus'
  | 'setDesiredPhase'
  | 'createRunObject'
  | 'deleteRunObject'
  | 'mintRunToken'
  | 'storeRunToken'
  | 'deleteJob'
  | 'deleteOrphan';

/** One act of the controller, as it is logged. */
export interface ControllerActRecord {
  act: ControllerAct;
  /** The replica. */
  identity: string;
  object: { kind: string; namespace: string; name?: string | undefined; uid?: string | undefined };
  outcome: 'done' | 'failed';
  requestId: string;
  durationMs: number;
}

export interface Subject {
  act: ControllerAct;
  type: ResourceType;
  namespace: string;
  name?: string | undefined;
}

/** What a write must still find, else 409. */
export interface Preconditions {
  uid: string;
  resourceVersion?: string;
}

interface MergePatch {
  metadata: Preconditions & { annotations?: Record<string, string> };
  status?: object;
  data?: Record<string, string>;
}

type AnyObject = Stored<{ metadata?: unknown }>;
export type MetadataOnly = Stored<{ metadata?: ObjectMeta }>;

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const LIST_OF_METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const MERGE_PATCH = 'application/merge-patch+json';

export interface ControllerClusterOptions {
  transport: ClusterTransport;
  credential: () => Promise<string | undefined>;
  leadership: Leadership;
  identity: string;
  audit: (record: ControllerActRecord) => void;
}

/** The cluster as the controller's own service account, for as long as this replica leads. */
export class ControllerCluster {
  readonly #options: ControllerClusterOptions;

  constructor(options: ControllerClusterOptions) {
    this.#options = options;
  }

  /** One pass over one thing. All of its calls carry one id into the cluster's audit log. */
  turn(): Turn {
    return new Turn(this.#options);
  }
}

/** Errors of each method: KubernetesError, Timeout, Unavailable (this replica does not lead any more, too). */
export class Turn {
  readonly requestId = randomUUID();
  readonly #options: ControllerClusterOptions;
  readonly #scope: RequestScope;

  constructor(options: ControllerClusterOptions) {
    this.#options = options;
    const { signal } = options.leadership;
    const { requestId } = this;
    let calls = 0;
    const nextAuditId = () => `${requestId}.${++calls}`;
    this.#scope = { requestId, signal, deadline: signal, nextAuditId };
  }

  /** The object, or null where it is not there. */
  async find<T extends AnyObject>(type: ResourceType, namespace: string, name: string): Promise<T | null> {
    return unlessMissing(this.#json<T>('get', 'GET', type, { namespace, name }));
  }

  /** As `find`, of what the controller may list and not get: Jobs. */
  async findListed<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    name: string,
  ): Promise<T | null> {
    const query = { fieldSelector: `metadata.name=${name}` };
    const { items } = await this.#json<ObjectList<T>>('list', 'GET', type, { namespace }, { query });
    return items[0] ?? null;
  }

  /**
   * What `keep` makes of each object's metadata, where it makes anything. The rest of the objects is not read, and nothing
   * else stays in memory: people may store more in a project than this process may hold.
   */
  async listMetadata<T>(
    type: ResourceType,
    namespace: string,
    keep: (metadata: MetadataOnly['metadata']) => T | undefined,
  ): Promise<T[]> {
    const kept: T[] = [];
    const list = pages<MetadataOnly>(PAGE_SIZE, (page) =>
      this.#json('list', 'GET', type, { namespace }, { ...page, accept: LIST_OF_METADATA }),
    );
    for await (const { items } of list) {
      for (const { metadata } of items) {
        const part = keep(metadata);
        if (part !== undefined) kept.push(part);
      }
    }
    return kept;
  }

  /**
   * The metadata of a run's Secret, or null where there is none. The controller has no right to read Secrets: an empty
   * patch changes nothing, and the policy writ-runs allows it on Secrets of runs alone.
   */
  async findSecret(namespace: string, name: string): Promise<MetadataOnly | null> {
    const content = { body: {}, contentType: MERGE_PATCH, accept: METADATA_ONLY };
    this.#options.leadership.assertHeld();
    const found = await unlessMissing(
      this.#json<MetadataOnly>('patch', 'PATCH', SECRETS, { namespace, name }, content),
    );
    // Whatever the API server answered, nothing else of the Secret stays in this process.
    return found && { metadata: found.metadata };
  }

  create<T>(subject: Subject, manifest: unknown, subresource?: string): Promise<T> {
    const { type, namespace } = subject;
    const name = subresource ? subject.name : undefined;
    return this.#act(subject, () =>
      this.#json<T>('create', 'POST', type, { namespace, name, subresource }, { body: manifest }),
    );
  }

  /** A JSON merge patch (RFC 7386); uid and resourceVersion in its metadata are preconditions. */
  patch<T>(subject: Subject, patch: MergePatch, subresource?: string): Promise<T> {
    const { type, namespace, name } = subject;
    const content = { body: patch, contentType: MERGE_PATCH };
    return this.#act(subject, () =>
      this.#json<T>('patch', 'PATCH', type, { namespace, name, subresource }, content),
    );
  }

  /** A JSON patch, which needs no resourceVersion: what it tests is its precondition, 422 where that fails. */
  patchIf<T>(subject: Subject, operations: PatchOperation[], subresource?: string): Promise<T> {
    const { type, namespace, name } = subject;
    const content = { body: operations, contentType: 'application/json-patch+json' };
    return this.#act(subject, () =>
      this.#json<T>('patch', 'PATCH', type, { namespace, name, subresource }, content),
    );
  }

  /** A Job after its pods (Foreground), anything else at once. */
  async delete(subject: Subject, preconditions: Preconditions): Promise<void> {
    const { type, namespace, name } = subject;
    const propagationPolicy = type === JOBS ? 'Foreground' : 'Background';
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy };
    await this.#act(subject, () => this.#json('delete', 'DELETE', type, { namespace, name }, { body }));
  }

  async #act<T>(subject: Subject, perform: () => Promise<T>): Promise<T> {
    const { leadership, audit, identity } = this.#options;
    const { act, type, namespace, name } = subject;
    leadership.assertHeld();
    const startedAt = performance.now();
    const record = (outcome: ControllerActRecord['outcome'], stored?: { metadata?: ObjectMeta } | null) =>
      audit({
        act,
        identity,
        object: {
          kind: type.kind,
          namespace,
          name: stored?.metadata?.name ?? name,
          uid: stored?.metadata?.uid,
        },
        outcome,
        requestId: this.requestId,
        durationMs: Math.round(performance.now() - startedAt),
      });
    try {
      const result = await perform();
      record('done', result as { metadata?: ObjectMeta } | null);
      return result;
    } catch (error) {
      record('failed');
      throw error;
    }
  }

  async #json<T>(
    verb: string,
    method: Call['method'],
    type: ResourceType,
    location: ResourceLocation,
    content: Pick<Call, 'body' | 'contentType' | 'accept' | 'query' | 'maxBytes'> = {},
  ): Promise<T> {
    const { transport, credential } = this.#options;
    const attributes: ResourceAttributes = { verb, group: type.group, resource: type.resource, ...location };
    const isRead = method === 'GET';
    return transport.json<T>({
      method,
      path: resourcePath(type, location),
      ...content,
      query: { ...content.query, ...(!isRead && { fieldManager: 'writ' }) },
      authorization: await credential(),
      identity: 'backend',
      attributes,
      scope: this.#scope,
      idempotent: isRead,
    });
  }
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubernetesError && error.isNotFound) return null;
    throw error;
  }
}
