import { Conflict, KubernetesError, toWritError } from '../errors.ts';
import { annotationPath, type PatchOperation } from '../kubernetes/json-patch.ts';
import { AGENTIC_SESSIONS, type AgenticSession, DESIRED_PHASE } from '../kubernetes/resources.ts';
import type { Turn } from './controller-cluster.ts';
import type { Observed } from './observed.ts';
import { OWN_CONDITIONS } from './run-reason.ts';
import { startRequestOf } from './runs.ts';
import type { StatusPatch } from './session-status.ts';
import { isWanted } from './wanted.ts';

/**
 * What the controller writes on sessions, each time on the session as it is at that moment. Its runner may write the
 * status as often and as much as it likes: the last attempt needs no luck.
 */
export class SessionWrites {
  readonly #observed: Observed;

  constructor(observed: Observed) {
    this.#observed = observed;
  }

  /** The session as the cluster has it at this moment; null where it is another one. */
  async live(turn: Turn, { metadata }: AgenticSession): Promise<AgenticSession | null> {
    const { namespace = '', name, uid } = metadata;
    const live = await turn.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
    return live?.metadata.uid === uid ? live : null;
  }

  /** Takes back the very start that was seen, and no later one. */
  async stop(turn: Turn, session: AgenticSession, annotations: Record<string, string> = {}): Promise<void> {
    await this.#write(turn, session, async (live, isLastAttempt) => {
      if (!isSameWish(live, session)) return undefined;
      const { namespace = '', name, uid, resourceVersion } = live.metadata;
      const subject = { act: 'setDesiredPhase' as const, type: AGENTIC_SESSIONS, namespace, name };
      const stopped = { ...annotations, [DESIRED_PHASE]: 'Stopped' };
      const fields = Object.entries(stopped).map(([key, value]) => add(annotationPath(key), value));
      // Annotations are what a runner can't change.
      const unchanged = [
        test('/metadata/uid', uid),
        test('/metadata/annotations', live.metadata.annotations),
      ];
      const patched = isLastAttempt
        ? turn.patchIf<AgenticSession>(subject, [...unchanged, ...fields])
        : turn.patch<AgenticSession>(subject, { metadata: { uid, resourceVersion, annotations: stopped } });
      return patched.catch(async (error: unknown) => {
        if (!isTooLarge(error)) throw error;
        await patchStatus(turn, live, withoutRunners(live.status ?? {}));
        throw new Conflict('The session had no room for what is to be written');
      });
    });
  }

  /** @param patchOf what has to change of a session's status, or undefined */
  async updateStatus(
    turn: Turn,
    session: AgenticSession,
    patchOf: (session: AgenticSession) => StatusPatch | undefined,
  ): Promise<void> {
    if (!patchOf(session)) return;
    // Of the status only a part was kept.
    await this.#write(turn, session, async (live, isLastAttempt) => {
      // Jobs and pods may not be those of what is wanted by now: the watch will tell.
      if (!isSameWish(live, session)) return undefined;
      const status = patchOf(live);
      if (!status) return live;
      if (isLastAttempt) {
        const operations = [test('/metadata/uid', live.metadata.uid), ...scalarFields(status, live)];
        return turn.patchIf<AgenticSession>(statusOf(live), operations, 'status');
      }
      return patchStatus(turn, live, status).catch((error: unknown) => {
        if (!isTooLarge(error)) throw error;
        return patchStatus(turn, live, { ...status, ...withoutRunners({ ...live.status, ...status }) });
      });
    });
  }

  /** Again where somebody else was faster. */
  async #write(
    turn: Turn,
    session: AgenticSession,
    write: (live: AgenticSession, isLastAttempt: boolean) => Promise<AgenticSession | undefined>,
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const live = await this.live(turn, session);
      if (!live) return;
      try {
        const stored = await write(live, attempt === WRITE_ATTEMPTS);
        if (stored) this.#observed.learn(stored);
        return;
      } catch (error) {
        if (error instanceof KubernetesError && error.isNotFound) return;
        if (toWritError(error).code !== 'CONFLICT' || attempt === WRITE_ATTEMPTS) throw error;
      }
    }
  }
}

function statusOf({ metadata: { namespace = '', name } }: AgenticSession) {
  return { act: 'updateSessionStatus' as const, type: AGENTIC_SESSIONS, namespace, name };
}

function patchStatus(turn: Turn, live: AgenticSession, status: StatusPatch): Promise<AgenticSession> {
  const { uid, resourceVersion } = live.metadata;
  return turn.patch<AgenticSession>(statusOf(live), { metadata: { uid, resourceVersion }, status }, 'status');
}

function isSameWish(one: AgenticSession, other: AgenticSession): boolean {
  return isWanted(one) === isWanted(other) && startRequestOf(one) === startRequestOf(other);
}

const WRITE_ATTEMPTS = 5;

function test(path: string, value: unknown): PatchOperation {
  return { op: 'test', path, value };
}

function add(path: string, value: unknown): PatchOperation {
  return { op: 'add', path, value };
}

/** What can be set whatever else is written meanwhile. */
function scalarFields({ conditions: _, ...fields }: StatusPatch, { status = {} }: AgenticSession) {
  return Object.entries(fields).flatMap(([field, value]): PatchOperation[] => {
    const path = `/status/${field}`;
    if (value !== null) return [add(path, value)];
    return field in status ? [{ op: 'remove', path }] : [];
  });
}

/** Takes away what a runner may have filled its status with. */
function withoutRunners({ conditions }: StatusPatch) {
  const own = (conditions ?? []).filter(({ type }) => OWN_CONDITIONS.includes(type));
  return { conditions: own, reconciledRepos: null, reconciledWorkflow: null };
}

/** More than etcd stores, which the API server passes on as an error of its own, or more than the API server takes. */
function isTooLarge(error: unknown): boolean {
  if (!(error instanceof KubernetesError)) return false;
  const isOfEtcd = error.statusCode === 500 && /request is too large/.test(error.status.message ?? '');
  return error.statusCode === 413 || isOfEtcd;
}
