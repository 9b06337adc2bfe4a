import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import type { MetadataOnly } from '../../kubernetes/reader.ts';
import {
  JOBS,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SERVICE_ACCOUNTS,
} from '../../kubernetes/resources.ts';
import { SECRET_UID } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { formerSessionOf, sessionOf } from '../../sessions/run/run-objects.ts';
import { findLiveSession } from './live-session.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { type Child, deleteChild, withSecret } from './run-children.ts';
import { type SessionCache, sessionKey } from './session-cache.ts';
import { trimOwner } from './trim.ts';

interface OrphanSweepOptions {
  cache: SessionCache;
  newClient: () => ReconcileClient;
  graceMs: number;
  /** The maximum number of runs of a project that one sweep looks at: tenants can create any number. */
  maxRuns?: number;
  /** Called once for a project, with the first error. */
  onError: (project: string, error: unknown) => void;
}

/** The kinds that the controller may list. Secrets are known from the ServiceAccounts. */
const LISTED = [JOBS, ROLE_BINDINGS, ROLES, SERVICE_ACCOUNTS] as const;

const MAX_RUNS = 500;
/** A longer text is not a UID, also when it is cut. */
const MAX_UID = 37;

/**
 * Deletes orphans that Kubernetes' garbage collection has missed: objects of the kinds of a run that have the name of a
 * run and either its session as their only owner or, after an orphaning deletion of the session, no owner, if that session
 * no longer exists. It deletes nothing else. Objects of existing sessions are noted in the cache, for the reconciler.
 */
export class OrphanSweep {
  readonly #options: OrphanSweepOptions;
  /** When each orphan was first seen: `performance.now()`, by its UID, of each project. */
  readonly #firstSeen = new Map<string, Map<string, number>>();

  constructor(options: OrphanSweepOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { cache, newClient, onError } = this.#options;
    const namespaces = new Set(cache.projects.managedNamespaces());
    for (const namespace of this.#firstSeen.keys()) {
      if (!namespaces.has(namespace)) this.#firstSeen.delete(namespace);
    }
    for (const namespace of namespaces) {
      if (signal.aborted) return;
      try {
        await newClient().during((client) => this.#sweep(client, namespace, signal));
      } catch (error) {
        onError(namespace, error);
      }
    }
  }

  /** Sweeps a project. After a failure it goes on with the other runs, then throws the first error. */
  async #sweep(client: ReconcileClient, namespace: string, signal: AbortSignal): Promise<void> {
    const possible = await this.#possibleOrphans(client, namespace);
    const firstSeen = this.#keepFirstSeen(namespace, possible);
    const living = possible.some(isWithoutOwner) ? await sessionUids(client, namespace) : undefined;
    const errors: unknown[] = [];
    for (const children of Map.groupBy(possible, ({ object }) => object.metadata.name).values()) {
      if (signal.aborted) return;
      try {
        if (await areOrphans(client, namespace, children, living))
          await this.#deleteOld(client, children, firstSeen);
        else for (const { object } of children) firstSeen.delete(object.metadata.uid);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  async #possibleOrphans(client: ReconcileClient, namespace: string): Promise<Child[]> {
    const { maxRuns = MAX_RUNS } = this.#options;
    const names = new Set<string>();
    const found: Child[][] = [];
    for (const type of LISTED) {
      const list = client.listMetadata(type, namespace, (metadata) => {
        const child = this.#possibleOrphan(type, namespace, metadata);
        if (!child || (names.size >= maxRuns && !names.has(metadata.name))) return undefined;
        names.add(metadata.name);
        return child;
      });
      found.push(await list);
    }
    return found.flat();
  }

  /** When each of the project's orphans was first seen, without those that have not been found again. */
  #keepFirstSeen(namespace: string, found: Child[]): Map<string, number> {
    const known = this.#firstSeen.get(namespace) ?? new Map<string, number>();
    const uids = new Set(found.map(({ object }) => object.metadata.uid));
    for (const uid of known.keys()) {
      if (!uids.has(uid)) known.delete(uid);
    }
    this.#firstSeen.set(namespace, known);
    return known;
  }

  /** A possible orphan, trimmed to the metadata that is used. If the cache has its session, the run is noted there instead. */
  #possibleOrphan(
    type: ResourceType,
    namespace: string,
    metadata: MetadataOnly['metadata'],
  ): Child | undefined {
    const session = formerSessionOf(metadata);
    if (!session) return undefined;
    // The UID decides: the session's name in the owner reference may be wrong.
    const { cache } = this.#options;
    const key = sessionKey(namespace, session.uid);
    if (cache.session(key)) {
      if (type !== JOBS && sessionOf(metadata)) cache.noteRun(key, session.number);
      return undefined;
    }
    const { name, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
    const identity = { namespace, name, uid, resourceVersion, creationTimestamp };
    const owner = sessionOf(metadata);
    const ownerReferences = owner ? [trimOwner(owner)] : [];
    const { [SECRET_UID]: secretUid = '' } = metadata.annotations ?? {};
    const annotations = { [SECRET_UID]: secretUid.slice(0, MAX_UID) };
    const object = {
      metadata: {
        ...identity,
        annotations,
        ownerReferences,
        ...(deletionTimestamp && { deletionTimestamp }),
      },
    };
    return { type, object };
  }

  /** Deletes the orphans of one run if the grace period is over for all of them. */
  async #deleteOld(
    client: ReconcileClient,
    children: Child[],
    firstSeen: Map<string, number>,
  ): Promise<void> {
    const now = performance.now();
    const times = children.map(({ object: { metadata } }) => {
      const at = firstSeen.get(metadata.uid) ?? now;
      firstSeen.set(metadata.uid, at);
      return at;
    });
    // All together, because the Secret is known from the ServiceAccount.
    if (now - Math.max(...times) < this.#options.graceMs) return;
    for (const child of withSecret(children))
      await deleteChild(client, 'deleteOrphan', child).catch(ignoreIfChanged);
  }
}

function isWithoutOwner({ object }: Child): boolean {
  return (object.metadata.ownerReferences ?? []).length === 0;
}

/** Of all sessions of the project: an object without an owner does not say its session's name. */
async function sessionUids(client: ReconcileClient, namespace: string): Promise<Set<string>> {
  return new Set(await client.listMetadata(AGENTIC_SESSIONS, namespace, ({ uid }) => uid));
}

/**
 * Whether the session of these objects no longer exists under any of the names in the owner references.
 *
 * @param living the UIDs of the project's sessions, if an object has no owner
 */
async function areOrphans(
  client: ReconcileClient,
  namespace: string,
  children: Child[],
  living: Set<string> | undefined,
): Promise<boolean> {
  const uid = children[0] && formerSessionOf(children[0].object.metadata)?.uid;
  if (!uid || living?.has(uid)) return false;
  const names = new Set(children.flatMap(({ object }) => sessionOf(object.metadata)?.name ?? []));
  for (const name of names) {
    try {
      if (await findLiveSession(client, { namespace, name, uid })) return false;
    } catch (error) {
      // The name is invalid: whether the session exists is not known.
      if (error instanceof BadUserInput) return false;
      throw error;
    }
  }
  return true;
}

/** Deleted or changed since it was listed: the next sweep decides. Denied by a policy: it is not an object of a run. */
function ignoreIfChanged(error: unknown): void {
  if (!(error instanceof KubernetesError && [403, 404, 409].includes(error.statusCode))) throw error;
}
