/** The texts of what all pages share. */
export const common = {
  appName: 'Writ',
  skipToContent: 'Skip to content',
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  clear: 'Clear',
  loading: 'Loading',
  loadMore: 'Load more',
  optional: 'optional',
  none: 'None',
  playground: 'Playground',
  projects: 'Projects',
  sessions: 'Sessions',
  activity: 'What Writ did',
  breadcrumb: 'Breadcrumb',
  projectNavigation: 'Pages of the project',
  pages: {
    schedules: 'Schedules',
    members: 'Members',
    accessKeys: 'Access keys',
    settings: 'Settings',
  },
  justNow: 'just now',
  notFound: {
    title: 'There is no such page',
    hint: 'The address may have been mistyped, or what it names was deleted.',
    link: 'All projects',
  },
  crashed: {
    title: 'This page has failed',
    hint: 'The other pages still work. If it fails again, this message helps to find out why:',
  },
  count: (shown: number, total: number | null | undefined) =>
    total === null || total === undefined || total === shown ? `${shown}` : `${shown} of ${total}`,
};
