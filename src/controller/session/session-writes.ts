import { isDeepStrictEqual } from 'node:util';
import { Conflict, toWritError } from '../../errors.ts';
import { annotationPath, type PatchOperation } from '../../kubernetes/json-patch.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { DESIRED_PHASE } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { OWN_CONDITIONS } from '../../sessions/status/conditions.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import type { StatusPatch } from '../../sessions/status/session-status.ts';
import { findLiveSession } from './live-session.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import type { SessionCache } from './session-cache.ts';

/**
 * The controller's writes of sessions. Each is computed from the live session and retried after conflicts. A runner can write
 * its session's status all the time, so the last attempt does not require the resourceVersion.
 */
export class SessionWrites {
  readonly #cache: SessionCache;

  constructor(cache: SessionCache) {
    this.#cache = cache;
  }

  /**
   * Sets the desired phase Stopped, unless a start or stop was requested that the cached session does not show.
   *
   * @param isDue whether the live session is still to be stopped
   * @returns whether it was written
   */
  async stop(
    client: ReconcileClient,
    session: AgenticSession,
    annotations: Record<string, string> = {},
    isDue: (live: AgenticSession) => boolean = () => true,
  ): Promise<boolean> {
    return this.#write(client, session, async (live, isLastAttempt) => {
      if (!isSameRequest(live, session) || !isDue(live)) return undefined;
      const { namespace = '', name, uid, resourceVersion } = live.metadata;
      const target = { act: 'setDesiredPhase' as const, type: AGENTIC_SESSIONS, namespace, name };
      const stopped = { ...annotations, [DESIRED_PHASE]: 'Stopped' };
      const fields = Object.entries(stopped).map(([key, value]) => add(annotationPath(key), value));
      // A runner cannot change annotations, so this test does not fail because of its writes.
      const unchanged = [
        test('/metadata/uid', uid),
        test('/metadata/annotations', live.metadata.annotations),
      ];
      const patched = isLastAttempt
        ? client.jsonPatch<AgenticSession>(target, [...unchanged, ...fields])
        : client.mergePatch<AgenticSession>(target, {
            metadata: { uid, resourceVersion, annotations: stopped },
          });
      return patched.catch(async (error: unknown) => {
        const smaller = withoutRunners(live.status ?? {});
        if (!isTooLarge(error) || !changes(live, smaller)) throw error;
        await patchStatus(client, live, smaller);
        // The conflict causes another attempt, with the smaller status.
        throw new Conflict('The session was too large to be written');
      });
    });
  }

  /** @param patchOf returns the changes of a session's status, or undefined if there are none */
  async updateStatus(
    client: ReconcileClient,
    session: AgenticSession,
    patchOf: (session: AgenticSession) => StatusPatch | undefined,
  ): Promise<void> {
    if (!patchOf(session)) return;
    // Computed again from the live session, because the cache has only a part of the status.
    await this.#write(client, session, async (live, isLastAttempt) => {
      // The cached Jobs and pods may be older than this start or stop. The watch causes another pass.
      if (!isSameRequest(live, session)) return undefined;
      const status = patchOf(live);
      if (!status) return live;
      if (isLastAttempt) {
        const fields = scalarFields(status, live);
        // A patch that changes nothing is denied.
        if (fields.length === 0) return live;
        const operations = [test('/metadata/uid', live.metadata.uid), ...fields];
        return client.jsonPatch<AgenticSession>(statusOf(live), operations).catch(async (error: unknown) => {
          const latest = isDeniedByPolicy(error) && (await findLiveSession(client, session.metadata));
          // Someone else has written the same in the meantime.
          if (latest && scalarFields(patchOf(latest) ?? {}, latest).length === 0) return latest;
          throw error;
        });
      }
      return patchStatus(client, live, status).catch((error: unknown) => {
        if (!isTooLarge(error)) throw error;
        return patchStatus(client, live, { ...status, ...withoutRunners({ ...live.status, ...status }) });
      });
    });
  }

  /** @param write sends the write, or returns undefined (or the live session) if there is nothing to write */
  async #write(
    client: ReconcileClient,
    session: AgenticSession,
    write: (live: AgenticSession, isLastAttempt: boolean) => Promise<AgenticSession | undefined>,
  ): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const live = await findLiveSession(client, session.metadata);
      if (!live) return false;
      try {
        const stored = await write(live, attempt === WRITE_ATTEMPTS);
        if (stored) this.#cache.update(stored);
        return stored !== undefined;
      } catch (error) {
        if (error instanceof KubernetesError && error.isNotFound) return false;
        if (toWritError(error).code !== 'CONFLICT' || attempt === WRITE_ATTEMPTS) throw error;
      }
    }
  }
}

function statusOf({ metadata: { namespace = '', name } }: AgenticSession) {
  return {
    act: 'updateSessionStatus' as const,
    type: AGENTIC_SESSIONS,
    namespace,
    name,
    subresource: 'status',
  };
}

function patchStatus(
  client: ReconcileClient,
  live: AgenticSession,
  status: StatusPatch,
): Promise<AgenticSession> {
  const { uid, resourceVersion } = live.metadata;
  return client.mergePatch<AgenticSession>(statusOf(live), { metadata: { uid, resourceVersion }, status });
}

function isSameRequest(one: AgenticSession, other: AgenticSession): boolean {
  return isWanted(one) === isWanted(other) && startRequestOf(one) === startRequestOf(other);
}

const WRITE_ATTEMPTS = 5;

function test(path: string, value: unknown): PatchOperation {
  return { op: 'test', path, value };
}

function add(path: string, value: unknown): PatchOperation {
  return { op: 'add', path, value };
}

/** The fields that do not depend on others' writes: all but the list of conditions. */
function scalarFields({ conditions: _, ...fields }: StatusPatch, { status = {} }: AgenticSession) {
  return Object.entries(fields).flatMap(([field, value]): PatchOperation[] => {
    const path = `/status/${field}`;
    if (value !== null) return [add(path, value)];
    return field in status ? [{ op: 'remove', path }] : [];
  });
}

/** Removes the fields that a runner may have filled. */
function withoutRunners({ conditions }: StatusPatch) {
  const own = (conditions ?? []).filter(({ type }) => OWN_CONDITIONS.includes(type));
  return { conditions: own, reconciledRepos: null, reconciledWorkflow: null };
}

/** Whether setting these fields changes the session's status. */
function changes({ status = {} }: AgenticSession, fields: StatusPatch): boolean {
  return Object.entries(fields).some(
    ([field, value]) => !isDeepStrictEqual(value ?? undefined, status[field as keyof StatusPatch]),
  );
}

function isTooLarge(error: unknown): boolean {
  return error instanceof KubernetesError && error.isTooLarge;
}

function isDeniedByPolicy(error: unknown): boolean {
  return error instanceof KubernetesError && error.isDeniedByPolicy;
}
