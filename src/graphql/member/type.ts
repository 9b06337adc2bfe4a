import { isDnsLabel } from '../../kubernetes/path.ts';
import { readMembers } from '../../members/read-members.ts';
import { type SubjectKind as Kind, Member, type MemberOrigin as Origin } from '../../model/member.ts';
import { builder, LIST_MULTIPLIER } from '../builder.ts';
import { ProjectRole } from '../project/role.ts';
import { Project } from '../project/type.ts';
import { Node, nodeTypes } from '../relay/node.ts';

export const SubjectKind = builder.enumType('SubjectKind', {
  description: 'What a member of a project is.',
  values: {
    USER: { description: 'A user, by the username with which the cluster authenticates them.' },
    GROUP: { description: 'A group, by its name in the cluster.' },
    SERVICE_ACCOUNT: { description: 'A service account of any namespace.' },
  } satisfies Record<Kind, { description: string }>,
});

const MemberOrigin = builder.enumType('MemberOrigin', {
  description: 'What has made a member.',
  values: {
    WRIT: { description: 'Made by `grantAccess` or `createProject`: `revokeAccess` can remove it.' },
    SETTINGS: { description: 'Made for an entry of `ProjectSettings.groupAccess`.' },
    OTHER: { description: 'Made by hand or by another tool, or for an access key.' },
  } satisfies Record<Origin, { description: string }>,
});

export const ProjectMember = builder.objectRef<Member>('ProjectMember').implement({
  description:
    'A subject of a RoleBinding that gives it a role in a project. Who has several roles, or one by several bindings, is several members. Rights that come from elsewhere, such as a ClusterRoleBinding, are not shown.',
  interfaces: [Node],
  fields: (t) => ({
    subjectKind: t.field({
      type: SubjectKind,
      description: 'What the member is.',
      resolve: ({ subject }) => subject.kind,
    }),
    subjectName: t.string({
      description:
        'The name of the user or group, or of a service account its namespace and name, with a colon between.',
      resolve: ({ subject }) => subject.name,
    }),
    role: t.field({
      type: ProjectRole,
      description: 'The role that the binding gives.',
      resolve: ({ role }) => role,
    }),
    origin: t.field({
      type: MemberOrigin,
      description: 'What has made the member.',
      resolve: ({ origin }) => origin,
    }),
    bindingName: t.string({
      description: 'The name of the RoleBinding.',
      resolve: ({ binding }) => binding.name,
    }),
  }),
});

/** Names of bindings have no slash. */
function nameOf({ binding, subject }: Member): string {
  return `${binding.name}/${subject.kind}/${subject.name}`;
}

nodeTypes.register<Member>({
  typename: 'ProjectMember',
  isTypeOf: (object) => object instanceof Member,
  idOf: (member) => ({ namespace: member.namespace, name: nameOf(member), uid: member.binding.uid }),
  canExist: ({ namespace, name }) => isDnsLabel(namespace) && name.split('/').length >= 3,
  load: async ({ namespace, name }, { reader }) =>
    (await readMembers(reader, namespace)).find((member) => nameOf(member) === name) ?? null,
});

builder.objectField(Project, 'members', (t) =>
  t.field({
    type: [ProjectMember],
    nullable: true,
    description:
      'The members of the project, from its RoleBindings to the project roles, by the names of these. FORBIDDEN if the caller may not list RoleBindings, which admins may. QUERY_TOO_COMPLEX if there are more than 5,000.',
    complexity: { field: 5, multiplier: LIST_MULTIPLIER },
    resolve: ({ metadata }, _, { reader }) => readMembers(reader, metadata.name),
  }),
);
