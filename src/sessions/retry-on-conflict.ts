import { isDeepStrictEqual } from 'node:util';
import { Conflict } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { AgenticSession } from '../model/session.ts';
import { readSession } from './read-session.ts';
import { startRequestOf } from './run/start-request.ts';
import { isWanted } from './status/desired-state.ts';

interface SessionWrite<T> {
  user: UserCluster;
  namespace: string;
  name: string;
  /** What of the session the write depends on: its preconditions. */
  preconditions(session: AgenticSession): unknown;
  /**
   * Decides by the session, and writes with preconditions. It throws CONFLICT if the session does not allow the write.
   *
   * @param first the session as it was first read
   */
  write(session: AgenticSession, first: AgenticSession): Promise<T>;
}

const ATTEMPTS = 5;

/**
 * Reads the session and writes it. If a precondition of the write fails, the session is read again, and decides again.
 * Errors: NOT_FOUND, CONFLICT (another session has the name by then, or it changed at each attempt), those of `write`.
 */
export async function retryOnConflict<T>({
  user,
  namespace,
  name,
  preconditions,
  write,
}: SessionWrite<T>): Promise<T> {
  const first = await readSession(user, namespace, name);
  let session = first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(session, first);
    } catch (error) {
      if (!(error instanceof KubernetesError && error.mayBePreconditionFailed)) throw error;
      const latest = await readSession(user, namespace, name);
      const details = { project: namespace, name };
      if (latest.metadata.uid !== first.metadata.uid) {
        throw new Conflict('The session was deleted, and another one has its name', details);
      }
      const isSame = isDeepStrictEqual(preconditions(latest), preconditions(session));
      // Something else was wrong with the write.
      if (isSame && error.statusCode !== 409) throw error;
      if (attempt === ATTEMPTS) throw new Conflict('The session changed at each attempt', details);
      session = latest;
    }
  }
}

/** CONFLICT if another request has started the session since it was first read. */
export function assertNotStartedSince(first: AgenticSession, session: AgenticSession): void {
  if (!isWanted(session) || startRequestOf(session) === startRequestOf(first)) return;
  const { namespace: project, name } = session.metadata;
  throw new Conflict('Another request has started the session', { project, name });
}
