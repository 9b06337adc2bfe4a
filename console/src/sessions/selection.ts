import type { SessionFilter, SessionOrder, SessionPhase, SessionRowFragment } from '../generated/graphql.ts';
import { phases } from '../text/phases.ts';

/** By the names that addresses have. */
const ORDERS = {
  newest: { field: 'CREATED_AT', direction: 'DESC' },
  oldest: { field: 'CREATED_AT', direction: 'ASC' },
  activity: { field: 'LAST_ACTIVITY', direction: 'DESC' },
  title: { field: 'DISPLAY_NAME', direction: 'ASC' },
  name: { field: 'NAME', direction: 'ASC' },
} as const satisfies Record<string, SessionOrder>;

export type OrderName = keyof typeof ORDERS;
export const ORDER_NAMES = Object.keys(ORDERS) as OrderName[];
const DEFAULT_ORDER: OrderName = 'newest';

/** Which sessions are shown, and in which order. */
export interface Selection {
  search: string;
  /** Empty: all. */
  phases: readonly SessionPhase[];
  isMine: boolean;
  order: OrderName;
}

/** What the query of an address says; what it does not, or wrongly, is the default. */
export function readSelection(query: URLSearchParams): Selection {
  const order = query.get('order') ?? '';
  const wanted = (query.get('phase') ?? '').toUpperCase().split(',');
  return {
    search: query.get('search') ?? '',
    phases: (Object.keys(phases) as SessionPhase[]).filter((phase) => wanted.includes(phase)),
    isMine: query.has('mine'),
    order: Object.hasOwn(ORDERS, order) ? (order as OrderName) : DEFAULT_ORDER,
  };
}

export function writeSelection(selection: Selection): URLSearchParams {
  const query = new URLSearchParams();
  if (selection.search.trim() !== '') query.set('search', selection.search);
  if (selection.phases.length > 0) query.set('phase', selection.phases.join(',').toLowerCase());
  if (selection.isMine) query.set('mine', '');
  if (selection.order !== DEFAULT_ORDER) query.set('order', selection.order);
  return query;
}

export function hasFilter({ search, phases: chosen, isMine }: Selection): boolean {
  return search.trim() !== '' || chosen.length > 0 || isMine;
}

/** Equal selections have equal variables: they are what the cache tells lists apart by. */
export function variablesOf(project: string, selection: Selection) {
  const filter: SessionFilter = {
    search: selection.search.trim() || null,
    phase: [...selection.phases],
    mine: selection.isMine || null,
  };
  return { project, filter, orderBy: ORDERS[selection.order] };
}

type Key = readonly [string, string];

function keyOf(
  { name, displayName, createdAt, lastActivityTime }: SessionRowFragment,
  order: OrderName,
): Key {
  switch (order) {
    case 'newest':
    case 'oldest':
      return [createdAt, name];
    case 'activity':
      return [lastActivityTime ? new Date(lastActivityTime).toISOString() : '', name];
    case 'title':
      return [(displayName || name).slice(0, 256).normalize('NFKC').toUpperCase(), name];
    case 'name':
      return [name, ''];
  }
}

/** Compares as the server does, so that a session moves to where it would be read again. */
export function compareIn(order: OrderName): (a: SessionRowFragment, b: SessionRowFragment) => number {
  const sign = ORDERS[order].direction === 'ASC' ? 1 : -1;
  return (a, b) => {
    const [first, second] = [keyOf(a, order), keyOf(b, order)];
    const index = first[0] === second[0] ? 1 : 0;
    if (first[index] === second[index]) return 0;
    return ((first[index] ?? '') < (second[index] ?? '') ? -1 : 1) * sign;
  };
}
