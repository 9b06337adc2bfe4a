import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import type { MetadataOnly } from '../../kubernetes/reader.ts';
import {
  JOBS,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
} from '../../kubernetes/resources.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { nullIfNotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { type Child, deleteChild } from './run-children.ts';
import { type SessionCache, sessionKey } from './session-cache.ts';
import { trimOwner } from './trim.ts';

export interface OrphanSweepOptions {
  cache: SessionCache;
  newClient: () => ReconcileClient;
  graceMs: number;
  onError: (namespace: string, error: unknown) => void;
}

/** The kinds that the controller may list. A Secret is found by the name of another object of its run. */
const LISTED = [JOBS, ROLE_BINDINGS, ROLES, SERVICE_ACCOUNTS] as const;

/**
 * Deletes orphans that Kubernetes' garbage collection has missed: objects of a run's kinds whose name contains a session's
 * UID, whose only owner is that session by that UID, and whose session does not exist any more. It deletes nothing else.
 * Objects of existing sessions are noted in the cache, for the reconciler.
 */
export class OrphanSweep {
  readonly #options: OrphanSweepOptions;
  /** When each object was first seen without its session: `performance.now()`, by the object's UID. */
  #seen = new Map<string, number>();

  constructor(options: OrphanSweepOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { cache, newClient, onError } = this.#options;
    const seen = new Map<string, number>();
    for (const namespace of cache.managedNamespaces()) {
      if (signal.aborted) return;
      try {
        await this.#sweep(newClient(), namespace, seen);
      } catch (error) {
        onError(namespace, error);
      }
    }
    this.#seen = seen;
  }

  async #sweep(client: ReconcileClient, namespace: string, seen: Map<string, number>): Promise<void> {
    const found: Child[][] = [];
    for (const type of LISTED) {
      const list = client.listMetadata(type, namespace, (metadata) =>
        this.#suspect(type, namespace, metadata),
      );
      found.push(await list);
    }
    for (const [name, children] of Map.groupBy(found.flat(), ({ object }) => object.metadata.name)) {
      const owner = children[0] && sessionOf(children[0].object.metadata);
      if (!owner) continue;
      const secret = await client.findSecret(namespace, name).catch(nullIfNotOwned);
      if (secret && sessionOf(secret.metadata)) children.unshift({ type: SECRETS, object: secret });
      if (await areOrphans(client, namespace, owner.uid, children))
        await this.#deleteOld(client, children, seen);
    }
  }

  /** A possible orphan, with only the metadata that is used: tenants may have written the rest. */
  #suspect(type: ResourceType, namespace: string, metadata: MetadataOnly['metadata']): Child | undefined {
    const session = sessionOf(metadata);
    if (!session) return undefined;
    // A session in the cache needs no call. Its name in the reference may be wrong although the UID is right.
    const { cache } = this.#options;
    const key = sessionKey(namespace, session.uid);
    if (cache.session(key)) {
      if (type !== JOBS) cache.noteRun(key, session.number);
      return undefined;
    }
    const { name, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
    const identity = { namespace, name, uid, resourceVersion, creationTimestamp };
    const ownerReferences = [trimOwner(session)];
    const object = {
      metadata: { ...identity, ownerReferences, ...(deletionTimestamp && { deletionTimestamp }) },
    };
    return { type, object };
  }

  async #deleteOld(client: ReconcileClient, children: Child[], seen: Map<string, number>): Promise<void> {
    const now = performance.now();
    const firstSeen = children.map(({ object: { metadata } }) => {
      const at = this.#seen.get(metadata.uid) ?? now;
      seen.set(metadata.uid, at);
      return at;
    });
    // All at once: the Secret is found by the names of the others.
    if (now - Math.max(...firstSeen) < this.#options.graceMs) return;
    for (const child of children) await deleteChild(client, 'deleteOrphan', child).catch(ignoreIfChanged);
  }
}

/** Whether the session does not exist any more, under any of the names that the references give. */
async function areOrphans(
  client: ReconcileClient,
  namespace: string,
  uid: string,
  children: Child[],
): Promise<boolean> {
  const names = new Set(children.map(({ object }) => sessionOf(object.metadata)?.name ?? ''));
  for (const name of names) {
    try {
      const live = await client.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
      if (live?.metadata.uid === uid) return false;
    } catch (error) {
      // A text that cannot be a name: nothing is known.
      if (error instanceof BadUserInput) return false;
      throw error;
    }
  }
  return true;
}

/** Gone or changed meanwhile: the next sweep decides. Denied by the policies: it is not a run's object. */
function ignoreIfChanged(error: unknown): void {
  if (!(error instanceof KubernetesError && [403, 404, 409].includes(error.statusCode))) throw error;
}
