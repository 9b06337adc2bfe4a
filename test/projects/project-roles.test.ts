import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterRoleOf, PROJECT_ROLES } from '../../src/model/project-role.ts';
import { projectRoleFor, projectRoleRules } from '../../src/model/role-rules.ts';

const GROUP = 'vteam.ambient-code';

interface Role {
  metadata: { name: string };
  rules: { verbs: string[]; apiGroups: string[]; resources: string[]; resourceNames?: string[] }[];
}

const manifests = parseAllDocuments(
  readFileSync(new URL('../../deploy/roles/project-roles.yaml', import.meta.url), 'utf8'),
).map((document) => document.toJS() as Role);

describe('the roles of a project', () => {
  it.each(PROJECT_ROLES)('are as deploy/ installs them: %s', (role) => {
    const name = clusterRoleOf(role, 'ambient-project-');
    const installed = manifests.find(({ metadata }) => metadata.name === name)?.rules ?? [];
    const all = installed.map((rule) => ({ resourceNames: [], ...rule }));
    expect(projectRoleRules(role, 'ambient-project-')).toEqual(all);
  });

  it.each([
    ['view', { verb: 'list', group: GROUP, resource: 'agenticsessions', namespace: 'demo' }],
    ['view', { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'demo', name: 'p' }],
    ['view', { verb: 'get', group: '', resource: 'namespaces', name: 'demo' }],
    ['edit', { verb: 'create', group: GROUP, resource: 'agenticsessions', namespace: 'demo' }],
    ['edit', { verb: 'update', group: GROUP, resource: 'agenticsessions', namespace: 'demo', name: 'a' }],
    ['admin', { verb: 'delete', group: GROUP, resource: 'agenticsessions', namespace: 'demo', name: 'a' }],
    ['admin', { verb: 'get', group: '', resource: 'secrets', namespace: 'demo' }],
    [
      null,
      { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'demo', name: 'p' },
    ],
    [null, { verb: 'list', group: GROUP, resource: 'agenticsessions' }],
  ])('of which %s is the smallest with the right %j', (role, attributes) => {
    expect(projectRoleFor(attributes, 'ambient-project-')).toBe(role);
  });

  it('give the roles of their own installation', () => {
    const bind = {
      verb: 'bind',
      group: 'rbac.authorization.k8s.io',
      resource: 'clusterroles',
      namespace: 'demo',
      name: 'writ-project-view',
    };
    expect(projectRoleFor(bind, 'writ-project-')).toBe('admin');
    expect(projectRoleFor(bind, 'ambient-project-')).toBeNull();
  });
});
