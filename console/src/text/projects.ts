export const projects = {
  title: 'Projects',
  search: 'Search projects',
  create: 'New project',
  terminating: 'being deleted',
  list: 'Projects, newest first',
  count: (shown: number, total = shown) => {
    const noun = total === 1 ? 'project' : 'projects';
    return shown < total ? `${shown} of ${total} ${noun}` : `${shown} ${noun}`;
  },
  empty: {
    title: 'There are no projects for you yet',
    hint: 'A project is a namespace of the cluster with sessions of its own. Make one, or ask an admin of an existing project to invite you.',
  },
  emptyAndMayNot: {
    title: 'There are no projects for you yet',
    hint: 'Ask an admin of a project to invite you.',
  },
  noMatch: (search: string) => ({
    title: `No project matches “${search}”`,
    hint: 'The search looks at names and display names.',
  }),
  form: {
    title: 'New project',
    hint: 'A project is a namespace of the cluster. You become its admin.',
    name: 'Name',
    nameHint: 'Lower-case letters, digits and hyphens, at most 63. It cannot be changed.',
    displayName: 'Display name',
    description: 'Description',
    submit: 'Create project',
  },
  mayNotCreate: 'You may not create projects.',
};
