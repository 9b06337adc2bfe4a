import type { OrderName } from '../sessions/selection.ts';

export const sessions = {
  title: 'Sessions',
  create: 'New session',
  search: 'Search sessions',
  mine: 'Mine',
  phase: 'Phases',
  order: 'Order',
  orders: {
    newest: 'Newest first',
    oldest: 'Oldest first',
    activity: 'Latest activity first',
    title: 'By display name',
    name: 'By name',
  } satisfies Record<OrderName, string>,
  clearFilters: 'Clear the filter',
  columns: {
    session: 'Session',
    phase: 'Phase',
    runner: 'Runner',
    creator: 'Created by',
    activity: 'Last activity',
    age: 'Age',
    actions: 'Actions',
  },
  none: '—',
  noActivity: 'None is recorded',
  unknownCreator: 'It is not recorded',
  list: 'Sessions of the project',
  listHint: 'Arrow keys move between sessions',
  total: (count: number | null) => (count === 1 ? '1 session' : `${count ?? 'Many'} sessions`),
  loadingMore: 'Loading more sessions',
  empty: {
    title: 'There are no sessions here yet',
    hint: 'A session is an agent that works on a task, in a pod of its own. Describe one, and watch it work.',
  },
  noMatch: {
    title: 'No session matches',
    hint: 'The search looks at names, display names and prompts.',
  },
  missing: {
    title: 'There is no such project',
    hint: 'It may have been deleted, or it may not be a project that Writ manages.',
    link: 'All projects',
  },
  mayNotCreate: 'You may not create sessions in this project.',
  byName: 'Show them by name',
};
