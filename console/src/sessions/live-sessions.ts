import type { ApolloCache, InMemoryCache, Reference } from '@apollo/client';
import {
  type SessionChangesSubscription,
  type SessionRowFragment,
  SessionRowFragmentDoc,
  type SessionsQuery,
} from '../generated/graphql.ts';
import { compareIn, type OrderName, type variablesOf } from './selection.ts';

type Batch = SessionChangesSubscription['sessions'];
type Connection = NonNullable<NonNullable<SessionsQuery['project']>['sessions']>;

/** The connection as the cache keeps it. Its edges are in the order in which they were read or added. */
interface StoredConnection {
  edges: { __typename: 'AgenticSessionEdge'; node: Reference; cursor?: string }[];
  pageInfo: { hasNextPage: boolean };
  totalCount: number | null;
}

/** A state that an event has told; undefined: the session has left the list. */
type Change = SessionRowFragment | undefined;

/** Collecting them reads the whole cache. */
const MAX_UNLISTED = 200;

/**
 * Applies the events of a subscription to one list of sessions in the cache, of which some pages may not have been read. Only
 * references are moved: writing a list of thousands anew would take long for each event.
 */
export class LiveSessions {
  readonly #cache: ApolloCache;
  readonly #listId: string | undefined;
  readonly #fieldName: string;
  readonly #compare: (a: SessionRowFragment, b: SessionRowFragment) => number;
  /** The last session of the pages that were read, as it was then; undefined if there are no further pages. */
  #boundary: SessionRowFragment | undefined;
  /** Pages that are read later can be older than these: in the order of the cluster, they are of one moment. */
  readonly #changes = new Map<string, Change>();
  /** Those of them that came after that moment. */
  readonly #added = new Set<string>();
  /** How many sessions may be in the cache and in no list. */
  #unlisted = 0;
  /** The sessions of the snapshot that has begun. */
  #snapshot: SessionRowFragment[] | undefined;

  constructor(
    cache: ApolloCache,
    projectId: string,
    { filter, orderBy }: ReturnType<typeof variablesOf>,
    order: OrderName,
  ) {
    this.#cache = cache;
    this.#listId = cache.identify({ __typename: 'Project', id: projectId });
    this.#fieldName = (cache as InMemoryCache).policies.getStoreFieldName({
      typename: 'Project',
      fieldName: 'sessions',
      args: { filter, orderBy },
    });
    this.#compare = compareIn(order);
  }

  /** Call it with each page that was read, and is in the cache. */
  pageRead({ edges, pageInfo }: Connection): void {
    this.#boundary = pageInfo.hasNextPage ? edges.at(-1)?.node : undefined;
    // Those that are not behind the boundary any more belong to the list now.
    const changes = new Map(this.#changes);
    if (!this.#boundary) this.#forget();
    this.#cache.batch({ update: () => this.#apply(changes, 0) });
  }

  apply({ events }: Batch): void {
    this.#cache.batch({ update: () => this.#applyEvents(events) });
    if (this.#unlisted < MAX_UNLISTED) return;
    this.#unlisted = 0;
    this.#cache.gc();
  }

  #applyEvents(events: Batch['events']): void {
    let changes = new Map<string, Change>();
    let created = 0;
    for (const { type, session } of events) {
      if (type === 'RESET') {
        this.#snapshot = [];
        changes = new Map();
        created = 0;
      } else if (type === 'SYNCED') this.#replace();
      else if (!session) continue;
      else if (this.#snapshot) this.#snapshot.push(session);
      else {
        const state = type === 'DELETED' ? undefined : session;
        if (type === 'ADDED' && !this.#isListed(session.id)) created += 1;
        if (type === 'DELETED' && !this.#isGone(session.id)) created -= 1;
        changes.set(session.id, state);
        if (this.#boundary) this.#keep(type, session.id, state);
      }
    }
    this.#apply(changes, created);
  }

  /** For the pages that are still to be read: one that came and has gone since is on none of them. */
  #keep(type: string, id: string, state: Change): void {
    if (type === 'ADDED') this.#added.add(id);
    if (state === undefined && this.#added.delete(id)) this.#changes.delete(id);
    else this.#changes.set(id, state);
  }

  #forget(): void {
    this.#changes.clear();
    this.#added.clear();
  }

  #replace(): void {
    const edges = (this.#snapshot ?? []).map((session) => this.#edgeOf(session));
    this.#snapshot = undefined;
    this.#boundary = undefined;
    this.#forget();
    this.#change(({ pageInfo, ...stored }) => ({
      ...stored,
      edges,
      totalCount: edges.length,
      pageInfo: { ...pageInfo, hasNextPage: false },
    }));
  }

  #apply(changes: ReadonlyMap<string, Change>, difference: number): void {
    if (changes.size === 0) return;
    const gone = new Set<string>();
    const present = new Map<string, StoredConnection['edges'][number]>();
    for (const [id, session] of changes) {
      const edge = session && this.#edgeOf(session);
      const isBehind = session && this.#boundary && this.#compare(session, this.#boundary) > 0;
      // A session behind the boundary comes with its page.
      if (!edge || isBehind) gone.add(this.#referenceTo(id));
      else present.set(edge.node.__ref, edge);
    }
    this.#unlisted += gone.size;
    this.#change((stored) => {
      for (const { node } of stored.edges) present.delete(node.__ref);
      const kept = stored.edges.filter(({ node }) => !gone.has(node.__ref));
      if (present.size === 0 && kept.length === stored.edges.length && difference === 0) return stored;
      const edges = [...present.values(), ...kept];
      const { totalCount, pageInfo } = stored;
      const estimate = totalCount === null ? null : Math.max(edges.length, totalCount + difference);
      return { ...stored, edges, totalCount: pageInfo.hasNextPage ? estimate : edges.length };
    });
  }

  #isListed(id: string): boolean {
    return this.#changes.get(id) !== undefined;
  }

  #isGone(id: string): boolean {
    return this.#changes.has(id) && this.#changes.get(id) === undefined;
  }

  #edgeOf(session: SessionRowFragment): StoredConnection['edges'][number] {
    const node = this.#cache.writeFragment({
      fragment: SessionRowFragmentDoc,
      fragmentName: 'SessionRow',
      data: session,
    });
    if (!node) throw new Error('A session without an id');
    return { __typename: 'AgenticSessionEdge', node };
  }

  #referenceTo(id: string): string {
    return this.#cache.identify({ __typename: 'AgenticSession', id }) ?? '';
  }

  #change(change: (stored: StoredConnection) => StoredConnection): void {
    if (this.#listId === undefined) return;
    this.#cache.modify<Record<string, StoredConnection | null>>({
      id: this.#listId,
      fields: {
        sessions: (stored, { storeFieldName }) =>
          storeFieldName === this.#fieldName && stored
            ? (change(stored as StoredConnection) as typeof stored)
            : stored,
      },
    });
  }
}
