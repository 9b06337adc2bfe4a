/** The texts of what all pages share. */
export const common = {
  appName: 'Writ',
  skipToContent: 'Skip to content',
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Try again',
  reload: 'Reload',
  copy: 'Copy',
  copied: 'Copied',
  clear: 'Clear',
  loading: 'Loading',
  loadMore: 'Load more',
  optional: 'optional',
  playground: 'Playground',
  projects: 'Projects',
  breadcrumb: 'Breadcrumb',
  projectNavigation: 'Pages of the project',
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
};
