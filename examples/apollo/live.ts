import type { ApolloCache, ApolloClient } from '@apollo/client';
import {
  defer,
  map,
  NEVER,
  type Observable,
  retry,
  startWith,
  switchMap,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { hasCode } from './errors.ts';
import type { SessionEventsSubscription, SessionRowFragment } from './generated/graphql.ts';
import { addSession, changeList, edgeOf, readList, removeSession } from './list.ts';
import { SESSION_EVENTS, SESSION_ROW } from './operations.ts';

type Batch = SessionEventsSubscription['sessions'];

const MAX_DELAY_MS = 30_000;

/**
 * Keeps the list that `watchSessions` has read current, for as long as it is subscribed to. After a lost connection it goes
 * on where it was. It fails if the user may not follow the sessions, or no longer.
 *
 * @param pageRead emits after `readMore`: what has changed since the list was read is then applied to the new page too
 */
export function followSessions(
  client: ApolloClient,
  project: string,
  pageRead: Observable<unknown> = NEVER,
): Observable<Batch> {
  return pageRead.pipe(
    startWith(undefined),
    switchMap(() => follow(client, project)),
  );
}

function follow(client: ApolloClient, project: string): Observable<Batch> {
  return defer(() => {
    const since = readList(client.cache, project)?.resourceVersion ?? null;
    const apply = createApply(client.cache, project);
    // Apollo Client would keep each batch in its cache for ever.
    const options = { fetchPolicy: 'no-cache', errorPolicy: 'all' } as const;
    return client.subscribe({ query: SESSION_EVENTS, variables: { project, since }, ...options }).pipe(
      map(({ data, error }) => {
        if (error || !data) throw error ?? new Error('A batch without data');
        return data.sessions;
      }),
      tap(apply),
    );
  }).pipe(retry({ delay: nextAttempt, resetOnSuccess: true }));
}

/** After an error that a later attempt would not have. */
function nextAttempt(error: unknown, count: number): Observable<unknown> {
  const isFinal = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'].some((code) => hasCode(error, code));
  if (isFinal) return throwError(() => error);
  // Not all clients at the same time.
  return timer(Math.min(MAX_DELAY_MS, 300 * 2 ** count) * (0.5 + Math.random() / 2));
}

/** Applies the batches of one subscription to the list in the cache, and the version to continue from. */
function createApply(cache: ApolloCache, project: string): (batch: Batch) => void {
  /** The sessions of the snapshot that has begun. */
  let snapshot: SessionRowFragment[] | undefined;

  function applyEvent({ type, session }: Batch['events'][number]): void {
    if (type === 'RESET') snapshot = [];
    else if (type === 'SYNCED') {
      const edges = (snapshot ?? []).map(edgeOf);
      changeList(cache, project, (sessions) => ({
        ...sessions,
        edges,
        totalCount: edges.length,
        pageInfo: { ...sessions.pageInfo, hasNextPage: false },
      }));
      snapshot = undefined;
      cache.gc();
    } else if (!session) return;
    else if (snapshot) snapshot.push(session);
    else if (type === 'DELETED') {
      removeSession(cache, project, session.id);
    } else {
      cache.writeFragment({ fragment: SESSION_ROW, fragmentName: 'SessionRow', data: session });
      if (type === 'ADDED') addSession(cache, project, session);
    }
  }

  return ({ events, resourceVersion }) =>
    cache.batch({
      update() {
        for (const event of events) applyEvent(event);
        if (resourceVersion) changeList(cache, project, (sessions) => ({ ...sessions, resourceVersion }));
      },
    });
}
