import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { SECRETS } from '../../kubernetes/resources.ts';
import type { AgenticSession } from '../../model/session.ts';
import {
  nextRunNumber,
  ownerReferenceTo,
  RunNumbersUsedUp,
  runName,
} from '../../sessions/run/run-objects.ts';
import type { SessionTimings } from '../timings.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import type { Run } from './session-cache.ts';

/** How long starts have been without a run. The controller leaves a run to its request until a delay has passed. */
export class PendingStarts {
  readonly #timings: Pick<SessionTimings, 'createAfterMs' | 'repairAfterMs'>;
  /** `performance.now()` of the first pass that saw the start, by session. */
  readonly #pending = new Map<string, { start: string | undefined; since: number }>();

  constructor(timings: Pick<SessionTimings, 'createAfterMs' | 'repairAfterMs'>) {
    this.#timings = timings;
  }

  forget(key: string): void {
    this.#pending.delete(key);
  }

  /** How long this start has been pending, in ms, since the first call for it. */
  pendingMs(key: string, start: string | undefined): number {
    const now = performance.now();
    const known = this.#pending.get(key);
    const since = known && known.start === start ? known.since : now;
    this.#pending.set(key, { start, since });
    return now - since;
  }

  /** How long to leave the run to its request, in ms; undefined if it is to be repaired now. */
  async remainingMs(
    client: ReconcileClient,
    session: AgenticSession,
    runs: Run[],
    pendingMs: number,
  ): Promise<number | undefined> {
    const { createAfterMs, repairAfterMs } = this.#timings;
    if (pendingMs < createAfterMs) return createAfterMs - pendingMs;
    const remaining = repairAfterMs - pendingMs;
    return remaining > 0 && (await hasBegun(client, session, runs)) ? remaining : undefined;
  }
}

/**
 * Whether the creation of the next run has begun: its Secret is its first object. The controller may not read Secrets, so it
 * asks whether it could create this one. Where even that is forbidden, as by a quota, the answer is not known and the run is
 * left to its request.
 */
async function hasBegun(
  client: ReconcileClient,
  { metadata }: AgenticSession,
  runs: Run[],
): Promise<boolean> {
  const { namespace = '', uid } = metadata;
  const ownerReferences = [ownerReferenceTo(metadata)];
  try {
    const name = runName(uid, nextRunNumber(runs.map(({ job }) => job)));
    const manifest = { apiVersion: 'v1', kind: SECRETS.kind, metadata: { name, namespace, ownerReferences } };
    await client.dryRunCreate(SECRETS, namespace, manifest);
    return false;
  } catch (error) {
    if (error instanceof RunNumbersUsedUp) return false;
    if (!(error instanceof KubernetesError)) throw error;
    if (error.isAlreadyExists || error.statusCode === 403) return true;
    throw error;
  }
}
