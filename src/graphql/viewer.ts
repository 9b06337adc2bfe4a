import type { Subject } from '../authorization/reviews.ts';
import { AccessReview, assertReviewArguments } from './access-review.ts';
import { builder } from './builder.ts';
import { Node, nodeTypes } from './relay/node.ts';

const Viewer = builder.objectRef<Subject>('Viewer').implement({
  description: 'Who the cluster says the caller is (SelfSubjectReview).',
  interfaces: [Node],
  fields: (t) => ({
    username: t.exposeString('username', { description: 'As RBAC knows the caller.' }),
    uid: t.string({
      nullable: true,
      description: 'Null for users that have none, such as those with certificates.',
      resolve: ({ uid }) => uid || null,
    }),
    groups: t.exposeStringList('groups', { description: 'As RBAC knows them.' }),
    can: t.field({
      type: AccessReview,
      nullable: true,
      description:
        'Asks the cluster. The words are those of Kubernetes RBAC: verb "list", resource "agenticsessions".',
      args: {
        verb: t.arg.string({ required: true, description: 'Such as get, list, create, update, delete.' }),
        resource: t.arg.string({ required: true, description: 'Plural, lower-case.' }),
        group: t.arg.string({ defaultValue: '', description: 'API group; empty for the core group.' }),
        subresource: t.arg.string({ description: 'Such as status or log.' }),
        namespace: t.arg.string({ description: 'Absent: in all namespaces.' }),
        name: t.arg.string({ description: 'Absent: of any name. Of no effect on create.' }),
      },
      complexity: { field: 5 },
      resolve: (_, { verb, resource, group, subresource, namespace, name }, { reviews }) => {
        assertReviewArguments({ verb, resource }, { group, subresource, namespace, name });
        return reviews.can({
          verb,
          resource,
          group: group ?? '',
          subresource: subresource ?? undefined,
          namespace: namespace ?? undefined,
          name: name ?? undefined,
        });
      },
    }),
  }),
});

nodeTypes.register<Subject>({
  typename: 'Viewer',
  // A stored object may have any further field.
  isTypeOf: (object) => 'username' in object && !('metadata' in object),
  idOf: ({ username, uid }) => ({ namespace: '', name: username, uid }),
  canExist: () => true,
  load: async ({ name }, { subject }) => (subject.username === name ? subject : null),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'The caller.',
    resolve: (_, __, { subject }) => subject,
  }),
);
