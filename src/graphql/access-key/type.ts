import { isDnsLabel } from '../../kubernetes/path.ts';
import { AccessKey as Shape } from '../../members/keys/access-key.ts';
import { readAccessKeys } from '../../members/keys/read-access-keys.ts';
import { DESCRIPTION, REQUESTED_BY, TOKEN_EXPIRES_AT } from '../../model/labels-and-annotations.ts';
import { builder, LIST_MULTIPLIER } from '../builder.ts';
import { ProjectRole } from '../project/role.ts';
import { Project } from '../project/type.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { SessionUser } from '../session/user.ts';
import { asDateTime, asText } from '../stored-value.ts';

export const ACCESS_KEY = 'AccessKey';

export const AccessKey = builder.objectRef<Shape>(ACCESS_KEY).implement({
  description:
    'A token with a role in a project, for programs: that of a service account of its own. What it says of itself is for display; admins of the project can have written it.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the key, unique within its project.' }),
    description: t.string({
      nullable: true,
      description: 'What the key is for; null if it has no description.',
      resolve: ({ annotations }) => asText(annotations[DESCRIPTION]),
    }),
    role: t.expose('role', { type: ProjectRole, description: 'The role of the key in the project.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the token expires, as the cluster has said; null if the key does not record it.',
      resolve: ({ annotations }) => asDateTime(annotations[TOKEN_EXPIRES_AT]),
    }),
    createdBy: t.field({
      type: SessionUser,
      nullable: true,
      description:
        'The user who created the key; null if the key does not record it. It is never verified, because users create keys with their own rights.',
      resolve: ({ annotations }) => {
        const userId = asText(annotations[REQUESTED_BY]);
        return userId ? { userId, displayName: null, groups: [], verified: false } : null;
      },
    }),
  }),
});

nodeTypes.register<Shape>({
  typename: ACCESS_KEY,
  isTypeOf: (object) => object instanceof Shape,
  idOf: ({ namespace, name, uid }) => ({ namespace, name, uid }),
  canExist: ({ namespace, name }) => isDnsLabel(namespace) && isDnsLabel(name),
  load: async ({ namespace, name }, { reader }) =>
    (await readAccessKeys(reader, namespace)).find((key) => key.name === name) ?? null,
});

builder.objectField(Project, 'accessKeys', (t) =>
  t.field({
    type: [AccessKey],
    nullable: true,
    description:
      'The access keys of the project, by name, also those that have expired. FORBIDDEN if the caller may not list RoleBindings, which admins may.',
    complexity: { field: 5, multiplier: LIST_MULTIPLIER },
    resolve: ({ metadata }, _, { reader }) => readAccessKeys(reader, metadata.name),
  }),
);
