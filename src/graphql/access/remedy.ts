import { manifestOf } from '../../kubernetes/rbac/manifest.ts';
import { remedyFor } from '../../kubernetes/rbac/remedy.ts';
import type { ResourceAttributes } from '../../kubernetes/resource-attributes.ts';
import { describeRemedy } from '../../model/access-remedy.ts';
import { projectRoleFor } from '../../model/role-rules.ts';
import { builder } from '../builder.ts';
import { ProjectRole } from '../project/role.ts';
import { PolicyRule, RbacObject } from './rbac.ts';

export const AccessRemedy = builder.objectRef<{ attributes: ResourceAttributes }>('AccessRemedy').implement({
  description:
    'The least that would allow the caller something that the cluster has denied. It is computed from what was asked, without a call: that the namespace or the resource exists is not known. Only an administrator can apply it.',
  fields: (t) => ({
    description: t.string({
      description: 'What an administrator has to do, as a text for people.',
      resolve: ({ attributes }, _, { projectRolePrefix }) => describeRemedy(attributes, projectRolePrefix),
    }),
    role: t.field({
      type: RbacObject,
      description:
        'The role to create: a Role in the namespace that was asked about, or a ClusterRole if none was. To ask about one namespace gives a smaller role.',
      resolve: ({ attributes }) => remedyFor(attributes).role,
    }),
    rules: t.field({
      type: [PolicyRule],
      description: 'The rules of the role. They allow what was asked and nothing else.',
      resolve: ({ attributes }) => remedyFor(attributes).rules,
    }),
    projectRole: t.field({
      type: ProjectRole,
      nullable: true,
      description:
        'The smallest role of a project that includes it, by the ClusterRoles that this API is installed with. If the namespace is a project, its admins can give it with `grantAccess`. Null if no role includes it.',
      resolve: ({ attributes }, _, { projectRolePrefix }) => projectRoleFor(attributes, projectRolePrefix),
    }),
    escalationRisk: t.string({
      nullable: true,
      description:
        'Why the right can give more than it says, as the right to read secrets or to bind roles: an administrator has to decide whether to give it at all. Null if Kubernetes names no such risk.',
      resolve: ({ attributes }) => remedyFor(attributes).escalationRisk,
    }),
    manifest: t.string({
      description: 'The role and its binding to the caller, as YAML for `kubectl apply`.',
      resolve: ({ attributes }, _, { subject }) => manifestOf(remedyFor(attributes), subject),
    }),
  }),
});
