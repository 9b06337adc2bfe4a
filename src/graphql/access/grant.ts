import type { AccessGrant as Shape } from '../../kubernetes/rbac/grant-finder.ts';
import type { SubjectKind as Kind } from '../../model/member.ts';
import { builder } from '../builder.ts';
import { SubjectKind } from '../member/type.ts';
import { PolicyRule, RbacObject } from './rbac.ts';

const KINDS: Record<string, Kind> = { User: 'USER', Group: 'GROUP', ServiceAccount: 'SERVICE_ACCOUNT' };

export const AccessGrant = builder.objectRef<Shape>('AccessGrant').implement({
  description: 'What allows the caller something in Kubernetes RBAC.',
  fields: (t) => ({
    binding: t.expose('binding', {
      type: RbacObject,
      description: 'The RoleBinding or ClusterRoleBinding that gives the role to the caller.',
    }),
    role: t.expose('role', {
      type: RbacObject,
      description: 'The Role or ClusterRole that the binding refers to.',
    }),
    subjectKind: t.field({
      type: SubjectKind,
      description:
        'As what the caller is a subject of the binding: by name, by a group, or as a service account.',
      resolve: ({ subject }) => KINDS[subject.kind] ?? 'USER',
    }),
    subjectName: t.string({
      description:
        'The name of the user or group, or of a service account its namespace and name, with a colon between.',
      resolve: ({ subject: { name, namespace } }) =>
        namespace === undefined ? name : `${namespace}:${name}`,
    }),
    rule: t.expose('rule', {
      type: PolicyRule,
      nullable: true,
      description:
        'The rule of the role that allows it; null if the caller may not read the role. The cluster has then named this binding as its reason.',
    }),
  }),
});
