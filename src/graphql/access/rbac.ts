import type { RbacObject as ObjectShape } from '../../kubernetes/rbac/binding.ts';
import type { FullPolicyRule } from '../../kubernetes/rbac/policy-rule.ts';
import { builder } from '../builder.ts';

export const RbacObject = builder.objectRef<ObjectShape>('RbacObject').implement({
  description: 'The reference to an object of Kubernetes RBAC.',
  fields: (t) => ({
    kind: t.exposeString('kind', {
      description: 'The kind: Role, ClusterRole, RoleBinding or ClusterRoleBinding.',
    }),
    name: t.exposeString('name', { description: 'The name of the object.' }),
    namespace: t.string({
      nullable: true,
      description: 'The namespace of the object; null for a ClusterRole or ClusterRoleBinding.',
      resolve: ({ namespace }) => namespace,
    }),
  }),
});

export const PolicyRule = builder.objectRef<FullPolicyRule>('PolicyRule').implement({
  description: 'A rule of a role, as in Kubernetes RBAC. In the first three lists `*` stands for any value.',
  fields: (t) => ({
    verbs: t.exposeStringList('verbs', { description: 'The verbs that the rule allows.' }),
    apiGroups: t.exposeStringList('apiGroups', {
      description: 'The API groups of the resources. The empty string is the core group.',
    }),
    resources: t.exposeStringList('resources', {
      description: 'The resources; a subresource is written after a slash, as in pods/log.',
    }),
    resourceNames: t.exposeStringList('resourceNames', {
      description: 'The names of the objects that the rule is about. Empty: it is about all of them.',
    }),
  }),
});
