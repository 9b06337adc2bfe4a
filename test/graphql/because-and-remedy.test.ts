import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { allow, bind, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const REVIEW = `query ($verb: String!, $resource: String!, $group: String, $subresource: String, $namespace: String, $name: String) {
  viewer { can(verb: $verb, resource: $resource, group: $group, subresource: $subresource, namespace: $namespace, name: $name) {
    allowed reason
    because {
      binding { kind name namespace } role { kind name namespace } subjectKind subjectName
      rule { verbs apiGroups resources resourceNames }
    }
    remedy {
      description role { kind name namespace } rules { verbs apiGroups resources resourceNames } projectRole escalationRisk manifest
    }
  } }
}`;
const GROUP = 'vteam.ambient-code';
const RBAC = 'rbac.authorization.k8s.io';

const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 } });
const admin = writ.kubernetes('admin');

async function review(who: 'alice' | 'victor' | 'mallory' | 'admin', variables: Record<string, unknown>) {
  const { data, errors } = await writ.as(who, REVIEW, variables);
  expect(errors).toBeUndefined();
  return data.viewer.can;
}

beforeAll(async () => {
  await putProject(admin, 'explained');
  await bind(admin, 'explained', 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
  await putSession(admin, 'explained', 'first');
});

describe('why the caller may do something', () => {
  const list = { verb: 'list', resource: 'agenticsessions', group: GROUP, namespace: 'explained' };

  it('is a binding and a rule, for a caller who may read both', async () => {
    const reader = { verbs: ['get', 'list'], apiGroups: [RBAC], resources: ['rolebindings'] };
    const roles = { verbs: ['get'], apiGroups: [RBAC], resources: ['roles'] };
    const logs = { verbs: ['get'], apiGroups: [''], resources: ['pods/log'], resourceNames: ['p'] };
    await putProject(admin, 'readable');
    await allow(admin, 'readable', 'mallory', [reader, roles, logs]);
    const asked = { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'readable', name: 'p' };
    const { allowed, because, remedy } = await review('mallory', asked);
    expect([allowed, remedy]).toEqual([true, null]);
    expect(because).toEqual({
      binding: { kind: 'RoleBinding', name: expect.any(String), namespace: 'readable' },
      role: { kind: 'Role', name: expect.stringMatching(/^mallory-/), namespace: 'readable' },
      subjectKind: 'USER',
      subjectName: 'mallory',
      rule: logs,
    });
  });

  it('is a binding without a rule for an admin of a project, who may not read ClusterRoles', async () => {
    const { because, reason } = await review('mallory', list);
    expect(because).toMatchObject({
      binding: { kind: 'RoleBinding', namespace: 'explained' },
      role: { kind: 'ClusterRole', name: 'ambient-project-admin', namespace: null },
      rule: null,
    });
    expect(reason).toContain(`"${because.binding.name}/explained"`);
  });

  it('is unknown to a caller who may not read bindings, and no error', async () => {
    const { allowed, because, reason } = await review('alice', list);
    expect([allowed, because]).toEqual([true, null]);
    expect(reason).toMatch(/^RBAC: allowed by RoleBinding /);
  });

  it('is read with the token of the caller alone, and only if it is selected', async () => {
    const query = (field: string) =>
      `{ viewer { can(verb: "list", resource: "pods", namespace: "explained") { allowed ${field} } } }`;
    const resources = async (field: string) => {
      const { requests } = await writ.requestsDuring(() => writ.as('mallory', query(field)));
      expect(new Set(requests.map(({ user }) => user))).toEqual(new Set(['mallory']));
      return requests.map(({ verb, resource }) => `${verb} ${resource}`);
    };
    const reviews = ['create selfsubjectreviews', 'create selfsubjectaccessreviews'];
    const without = await resources('reason');
    expect(reviews).toEqual(expect.arrayContaining(without));
    expect(await resources('because { binding { name } }')).toEqual([
      ...without,
      'list rolebindings',
      'get clusterroles',
    ]);
  });

  it('is read once for several questions about a namespace', async () => {
    const query = `{ viewer {
      a: can(verb: "list", resource: "pods", namespace: "explained") { because { binding { name } } }
      b: can(verb: "get", resource: "events", namespace: "explained") { because { binding { name } } }
    } }`;
    const { requests } = await writ.requestsDuring(() => writ.as('mallory', query));
    expect(requests.filter(({ resource }) => resource === 'rolebindings')).toHaveLength(1);
  });

  it('is nothing for what the cluster allows without a binding that the caller can see', async () => {
    const { allowed, because } = await review('alice', {
      verb: 'create',
      resource: 'selfsubjectaccessreviews',
      group: 'authorization.k8s.io',
    });
    expect([allowed, because]).toEqual([true, null]);
  });

  it('is nothing for what is denied', async () => {
    expect(await review('victor', { ...list, verb: 'delete' })).toMatchObject({
      allowed: false,
      because: null,
    });
  });
});

describe('what it would take', () => {
  it('is a Role with one rule, and the role of a project that includes it', async () => {
    const asked = {
      verb: 'update',
      resource: 'agenticsessions',
      group: GROUP,
      namespace: 'explained',
      name: 'first',
    };
    const { remedy } = await review('victor', asked);
    expect(remedy).toMatchObject({
      role: { kind: 'Role', namespace: 'explained' },
      rules: [
        { verbs: ['update'], apiGroups: [GROUP], resources: ['agenticsessions'], resourceNames: ['first'] },
      ],
      projectRole: 'EDIT',
      escalationRisk: null,
    });
    expect(remedy.description).toMatch(
      /^To update agenticsessions.* administrator .* the role EDIT includes it/,
    );
  });

  it('is a ClusterRole only for what is asked about the whole cluster', async () => {
    const { remedy } = await review('victor', { verb: 'list', resource: 'nodes' });
    expect(remedy).toMatchObject({ role: { kind: 'ClusterRole', namespace: null }, projectRole: null });
  });

  it('says of what can give more rights that an administrator has to decide', async () => {
    const { remedy } = await review('victor', { verb: 'get', resource: 'secrets', namespace: 'explained' });
    expect(remedy).toMatchObject({ projectRole: 'ADMIN', rules: [{ resources: ['secrets'] }] });
    expect(remedy.escalationRisk).toContain('credentials');
    expect(remedy.description).toContain('has to decide whether to give it at all');
  });

  it('is a manifest that allows it', async () => {
    const asked = { verb: 'get', resource: 'configmaps', namespace: 'explained', name: 'one' };
    const { remedy } = await review('victor', asked);
    for (const document of parseAllDocuments(remedy.manifest)) {
      const object = document.toJS();
      const plural = object.kind === 'Role' ? 'roles' : 'rolebindings';
      await admin.create(
        `/apis/${object.apiVersion}/namespaces/${object.metadata.namespace}/${plural}`,
        object,
      );
    }
    await expect.poll(() => review('victor', asked)).toMatchObject({ allowed: true, remedy: null });
    expect(await review('victor', { ...asked, name: 'two' })).toMatchObject({ allowed: false });
  });
});

describe('an action that is not available', () => {
  const query = `{ session(project: "explained", name: "first") {
    availableActions unavailableActions { action allowedInPhase remedy { projectRole rules { verbs resourceNames } } }
  } }`;

  it('has its remedy for whom the permission is missing', async () => {
    const { session } = (await writ.as('victor', query)).data;
    const missing = (action: string, verb: string, projectRole: string, resourceNames = ['first']) => ({
      action,
      allowedInPhase: true,
      remedy: { projectRole, rules: [{ verbs: [verb], resourceNames }] },
    });
    expect(session).toEqual({
      availableActions: [],
      unavailableActions: [
        missing('START', 'update', 'EDIT'),
        missing('STOP', 'update', 'EDIT'),
        missing('UPDATE', 'patch', 'EDIT'),
        missing('CLONE', 'create', 'EDIT', []),
        missing('DELETE', 'delete', 'ADMIN'),
      ],
    });
  });

  it('has none where only the phase does not allow it', async () => {
    await putSession(admin, 'explained', 'done', { status: { phase: 'Completed' } });
    const { data } = await writ.as('alice', query.replace('"first"', '"done"'));
    expect(data.session.unavailableActions).toMatchObject([
      { action: 'STOP', allowedInPhase: false, remedy: null },
      { action: 'DELETE', allowedInPhase: true, remedy: { projectRole: 'ADMIN' } },
    ]);
  });
});

describe('FORBIDDEN', () => {
  async function extensions(who: 'alice' | 'victor' | 'mallory', query: string) {
    const { result, requests } = await writ.requestsDuring(() => writ.as(who, query));
    return { extensions: result.errors?.[0]?.extensions as Record<string, unknown>, requests };
  }

  it('has the remedy of a read', async () => {
    const { extensions: of, requests } = await extensions(
      'alice',
      '{ project(name: "explained") { members { role } } }',
    );
    expect(of).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'list',
      resource: 'rolebindings',
      remedy: {
        role: { kind: 'Role', namespace: 'explained' },
        rules: [{ verbs: ['list'], apiGroups: [RBAC], resources: ['rolebindings'], resourceNames: [] }],
        projectRole: 'ADMIN',
        escalationRisk: null,
      },
    });
    expect(requests.map(({ resource }) => resource)).not.toContain('roles');
  });

  it('has the remedy of a privileged mutation', async () => {
    const mutation = 'mutation { startSession(project: "explained", name: "first") { session { name } } }';
    expect((await extensions('victor', mutation)).extensions).toMatchObject({
      code: 'FORBIDDEN',
      remedy: { projectRole: 'EDIT', rules: [{ verbs: ['update'], resourceNames: ['first'] }] },
    });
  });

  it('has none where a right would not help: Writ itself may not act in the namespace', async () => {
    await admin.create('/api/v1/namespaces', {
      metadata: { name: 'unmanaged', labels: { 'ambient-code.io/managed': 'true' } },
    });
    await bind(admin, 'unmanaged', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
    const mutation =
      'mutation { createSession(input: {project: "unmanaged", start: false}) { session { name } } }';
    const { extensions: of } = await extensions('alice', mutation);
    expect(of).toMatchObject({ code: 'FORBIDDEN', verb: 'create' });
    expect(of).not.toHaveProperty('remedy');
  });
});
