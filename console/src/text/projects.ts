import { common } from './common.ts';

export const projects = {
  title: 'Projects',
  search: 'Search projects',
  create: 'New project',
  count: (shown: number, total: number | null) =>
    `${common.count(shown, total)} ${(total ?? shown) === 1 ? 'project' : 'projects'}`,
  name: 'Name',
  description: 'Description',
  created: 'Created',
  terminating: 'being deleted',
  list: 'Projects, newest first',
  empty: {
    title: 'There are no projects for you yet',
    hint: 'A project is a namespace of the cluster in which you may list sessions. Make one, or ask an admin of an existing project to invite you.',
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
