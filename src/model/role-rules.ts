import type { FullPolicyRule } from '../kubernetes/rbac/policy-rule.ts';
import { ruleAllows } from '../kubernetes/rbac/policy-rule.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import { clusterRoleOf, PROJECT_ROLES, type ProjectRole, type ProjectRolePrefix } from './project-role.ts';

const SESSION_GROUP = 'vteam.ambient-code';
const RBAC = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const ALL = [...READ, 'create', 'update', 'patch', 'delete'];

const READ_RUNS = [
  rule('batch', ['jobs', 'cronjobs'], READ),
  rule('', ['pods', 'events'], READ),
  rule('', ['pods/log'], ['get']),
];

/**
 * What the ClusterRoles of the project roles allow, as deploy/roles/project-roles.yaml has them. It is for display: a platform
 * that owns these ClusterRoles can have other rules in them.
 */
export function projectRoleRules(role: ProjectRole, prefix: ProjectRolePrefix): FullPolicyRule[] {
  switch (role) {
    case 'view':
      return [
        rule('', ['namespaces'], ['get']),
        rule(SESSION_GROUP, ['agenticsessions', 'projectsettings'], READ),
        ...READ_RUNS,
      ];
    case 'edit':
      return [
        rule('', ['namespaces'], ['get']),
        rule(SESSION_GROUP, ['agenticsessions'], [...READ, 'create', 'update', 'patch']),
        rule(SESSION_GROUP, ['projectsettings'], READ),
        ...READ_RUNS,
      ];
    case 'admin':
      return [
        rule(
          RBAC,
          ['clusterroles'],
          ['bind'],
          PROJECT_ROLES.map((each) => clusterRoleOf(each, prefix)),
        ),
        rule(RBAC, ['rolebindings'], ALL),
        rule('', ['namespaces'], ['get', 'delete']),
        rule(SESSION_GROUP, ['agenticsessions', 'projectsettings'], ALL),
        ...READ_RUNS,
        rule('', ['serviceaccounts'], ['get', 'list', 'create', 'delete']),
        rule('', ['serviceaccounts/token'], ['create']),
        rule('', ['secrets'], ALL),
      ];
  }
}

/** The smallest project role that includes a right in a namespace; null if none does, or the right is not in one. */
export function projectRoleFor(
  attributes: ResourceAttributes,
  prefix: ProjectRolePrefix,
): ProjectRole | null {
  if (!toReviewAttributes(attributes).namespace) return null;
  const includes = (role: ProjectRole) =>
    projectRoleRules(role, prefix).some((each) => ruleAllows(each, attributes));
  return PROJECT_ROLES.find(includes) ?? null;
}

function rule(
  group: string,
  resources: string[],
  verbs: string[],
  resourceNames: string[] = [],
): FullPolicyRule {
  return { verbs, apiGroups: [group], resources, resourceNames };
}
