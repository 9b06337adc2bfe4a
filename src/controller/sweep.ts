import { BadUserInput, KubernetesError } from '../errors.ts';
import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  JOBS,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
} from '../kubernetes/resources.ts';
import { sessionOf } from '../sessions/run/run-objects.ts';
import { type Child, deleteChild, unlessForeign } from './children.ts';
import type { ControllerCluster, MetadataOnly, Turn } from './controller-cluster.ts';
import { keepOwner } from './keep.ts';
import type { Observed } from './observed.ts';
import { keyOf } from './runs.ts';

export interface SweepOptions {
  observed: Observed;
  cluster: ControllerCluster;
  graceMs: number;
  onError: (namespace: string, error: unknown) => void;
}

/** What can be listed. Secrets cannot: of them it finds those with the name of something that it found. */
const LISTED = [JOBS, ROLE_BINDINGS, ROLES, SERVICE_ACCOUNTS] as const;

/**
 * Deletes what runs have left behind and Kubernetes' own collection has missed: an object of a run's kinds whose name
 * carries a session's UID, whose one owner is that session by that UID, and whose session the cluster says is gone. Never
 * anything else. What it finds of sessions that are there it tells to whoever looks after them.
 */
export class Sweep {
  readonly #options: SweepOptions;
  /** When each object was first seen without its session: `performance.now()`, by the object's UID. */
  #seen = new Map<string, number>();

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { observed, cluster, onError } = this.#options;
    const seen = new Map<string, number>();
    for (const namespace of observed.managedNamespaces()) {
      if (signal.aborted) return;
      try {
        await this.#sweep(cluster.turn(), namespace, seen);
      } catch (error) {
        onError(namespace, error);
      }
    }
    this.#seen = seen;
  }

  async #sweep(turn: Turn, namespace: string, seen: Map<string, number>): Promise<void> {
    const found: Child[][] = [];
    for (const type of LISTED) {
      const list = turn.listMetadata(type, namespace, (metadata) => this.#suspect(type, namespace, metadata));
      found.push(await list);
    }
    for (const [name, children] of Map.groupBy(found.flat(), ({ object }) => object.metadata.name)) {
      const owner = children[0] && sessionOf(children[0].object.metadata);
      if (!owner) continue;
      const secret = await turn.findSecret(namespace, name).catch(unlessForeign);
      if (secret && sessionOf(secret.metadata)) children.unshift({ type: SECRETS, object: secret });
      if (await areOrphans(turn, namespace, owner.uid, children)) await this.#deleteOld(turn, children, seen);
    }
  }

  /** What may be an orphan, with no more of its metadata than is looked at: anybody may have written the rest. */
  #suspect(type: ResourceType, namespace: string, metadata: MetadataOnly['metadata']): Child | undefined {
    const session = sessionOf(metadata);
    if (!session) return undefined;
    // What the watch knows spares the question; and the name in a reference may be wrong where the UID is right.
    const { observed } = this.#options;
    const key = keyOf(namespace, session.uid);
    if (observed.session(key)) {
      if (type !== JOBS) observed.noteRun(key, session.number);
      return undefined;
    }
    const { name, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
    const identity = { namespace, name, uid, resourceVersion, creationTimestamp };
    const ownerReferences = [keepOwner(session)];
    const object = {
      metadata: { ...identity, ownerReferences, ...(deletionTimestamp && { deletionTimestamp }) },
    };
    return { type, object };
  }

  async #deleteOld(turn: Turn, children: Child[], seen: Map<string, number>): Promise<void> {
    const now = performance.now();
    const firstSeen = children.map(({ object: { metadata } }) => {
      const at = this.#seen.get(metadata.uid) ?? now;
      seen.set(metadata.uid, at);
      return at;
    });
    // In one go: a Secret is found by the names of the others.
    if (now - Math.max(...firstSeen) < this.#options.graceMs) return;
    for (const child of children) await deleteChild(turn, 'deleteOrphan', child).catch(unlessChanged);
  }
}

/** Whether the cluster says now that the session is gone: by each name that it is said to have had. */
async function areOrphans(turn: Turn, namespace: string, uid: string, children: Child[]): Promise<boolean> {
  const names = new Set(children.map(({ object }) => sessionOf(object.metadata)?.name ?? ''));
  for (const name of names) {
    try {
      const live = await turn.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
      if (live?.metadata.uid === uid) return false;
    } catch (error) {
      // A name that is none can't be asked for: then nothing is known.
      if (error instanceof BadUserInput) return false;
      throw error;
    }
  }
  return true;
}

/** Gone meanwhile, or changed: the next sweep looks again. Or refused by the policies: then it was no run's. */
function unlessChanged(error: unknown): void {
  if (!(error instanceof KubernetesError && [403, 404, 409].includes(error.statusCode))) throw error;
}
