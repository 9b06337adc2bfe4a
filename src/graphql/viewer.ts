import type { Subject } from '../authorization/reviews.ts';
import { AccessReview } from './access/review.ts';
import { builder, ONE_CALL } from './builder.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { assertReviewArguments } from './review-arguments.ts';

const Viewer = builder.objectRef<Subject>('Viewer').implement({
  description: 'The caller, as the cluster identifies the token of the request (SelfSubjectReview).',
  interfaces: [Node],
  fields: (t) => ({
    username: t.exposeString('username', { description: 'The username, as Kubernetes RBAC knows it.' }),
    userUid: t.string({
      nullable: true,
      description: 'The UID of the user; null for users without one, such as those with client certificates.',
      resolve: ({ uid }) => uid || null,
    }),
    groups: t.exposeStringList('groups', {
      description: 'The groups of the caller, as Kubernetes RBAC knows them.',
    }),
    can: t.field({
      type: AccessReview,
      nullable: true,
      description:
        'Asks the cluster whether the caller may perform a verb on a resource, in the terms of Kubernetes RBAC. It fails with BAD_USER_INPUT if `verb` or `resource` is empty, or if an argument has more than 253 characters.',
      args: {
        verb: t.arg.string({
          required: true,
          description: 'The verb, such as get, list, create, update or delete.',
        }),
        resource: t.arg.string({
          required: true,
          description: 'The resource, plural and in lower case, such as agenticsessions.',
        }),
        group: t.arg.string({
          defaultValue: '',
          description: 'The API group of the resource. The empty string is the core group.',
        }),
        subresource: t.arg.string({
          description: 'The subresource, such as status or log. Omit it for the resource itself.',
        }),
        namespace: t.arg.string({
          description:
            'The namespace. Omit it to ask about all namespaces, or about a resource that is not namespaced. It is ignored for the resource namespaces.',
        }),
        name: t.arg.string({
          description:
            'The name of the object. Omit it to ask about all objects. It is ignored for create and deletecollection, except on a subresource.',
        }),
      },
      complexity: ONE_CALL,
      resolve: async (_, { verb, resource, group, subresource, namespace, name }, { reviews }) => {
        assertReviewArguments({ verb, resource }, { group, subresource, namespace, name });
        const attributes = {
          verb,
          resource,
          group: group ?? '',
          subresource: subresource ?? undefined,
          namespace: namespace ?? undefined,
          name: name ?? undefined,
        };
        return { ...(await reviews.can(attributes)), attributes };
      },
    }),
  }),
});

nodeTypes.register<Subject>({
  typename: 'Viewer',
  // A stored object can have any field, so `username` alone does not identify a Viewer.
  isTypeOf: (object) => 'username' in object && !('metadata' in object),
  idOf: ({ username, uid }) => ({ namespace: '', name: username, uid }),
  canExist: ({ namespace }) => namespace === '',
  load: async ({ name }, { subject }) => (subject.username === name ? subject : null),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'The authenticated user of this request.',
    resolve: (_, __, { subject }) => subject,
  }),
);
