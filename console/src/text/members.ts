import { common } from './common.ts';

export const members = {
  title: 'Members',
  hint: 'Who has which role in this project, by its RoleBindings. Rights that come from elsewhere, such as a ClusterRoleBinding, are not listed.',
  count: (shown: number, total: number) =>
    `${common.count(shown, total)} ${total === 1 ? 'member' : 'members'}`,
  list: 'Members of the project',
  search: 'Search members',
  invite: 'Add a member',
  mayNotManage: 'You may not manage the members of this project.',
  yourRole: (role: string) => `You have the rights of the role ${role} here`,
  noRole: 'You have no role here',
  by: (binding: string, role: string, kind: string, subject: string) =>
    `, by the ${binding} to ${role}, as ${kind.toLowerCase()} ${subject}`,
  binding: (name: string) => `RoleBinding ${name}`,
  change: 'Change role',
  revoke: 'Remove',
  changeOf: (name: string) => `Change the role of ${name}`,
  revokeOf: (name: string) => `Remove ${name}`,
  notWrits:
    'Roles that were given by another tool, or by the settings of the project, can only be changed there.',
  empty: {
    title: 'Nobody has a role by a RoleBinding of this project',
    hint: 'Add a user, a group or a service account of the cluster.',
  },
  noMatch: (search: string) => ({
    title: `No member matches “${search}”`,
    hint: 'The search looks at the names of users, groups and service accounts.',
  }),
  grant: {
    title: 'Add a member',
    hint: 'The RoleBinding is created with your own rights. You can give no role that you do not have.',
    kind: 'What it is',
    name: 'Name',
    nameHints: {
      USER: 'The username with which the cluster authenticates them, such as victor or victor@example.com.',
      GROUP: 'The name of a group of the cluster.',
      SERVICE_ACCOUNT: 'NAME for a service account of this project, else NAMESPACE:NAME.',
    },
    role: 'Role',
    submit: 'Add',
  },
  changeForm: {
    title: (name: string) => `Role of ${name}`,
    hint: 'The new role is given first, and then the old one is taken away.',
    role: 'New role',
    submit: 'Change role',
    half: 'The new role was given, but the old one could not be taken away: there are both now.',
  },
  revokeForm: {
    title: (name: string) => `Remove ${name}?`,
    hint: (role: string, project: string) =>
      `This takes the role ${role} in ${project} away. Sessions and schedules that they have made stay.`,
    submit: 'Remove',
  },
  lastAdmin: {
    title: 'This is the last admin of the project',
    hint: 'Without an admin nobody in the project can manage members, settings and secrets: only an administrator of the cluster can appoint another. Make somebody else admin first.',
    allow: 'Leave the project without an admin all the same',
  },
};
