import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/errors.ts';
import { KubernetesError } from '../../../src/kubernetes/kubernetes-error.ts';
import { reasonOf } from '../../../src/kubernetes/rbac/binding.ts';
import { GrantFinder } from '../../../src/kubernetes/rbac/grant-finder.ts';
import type { Reader } from '../../../src/kubernetes/reader.ts';
import type { ResourceType } from '../../../src/kubernetes/resources.ts';

const RULE = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
const attributes = { verb: 'get', group: '', resource: 'pods', namespace: 'demo', name: 'p' };
const user = { username: 'alice', groups: ['team'] };
const account = { username: 'system:serviceaccount:demo:runner', groups: [] };

interface Stored {
  /** By `resource/namespace`. */
  bindings?: Record<string, object[] | Error>;
  /** By `kind/name`: the rules, or what reading it throws. */
  roles?: Record<string, object[] | Error>;
}

function denied(resource: string): KubernetesError {
  return new KubernetesError(403, { kind: 'Status' }, { verb: 'get', group: '', resource }, 'user');
}

/** A cluster with these objects, and what was read of it. */
function scripted({ bindings = {}, roles = {} }: Stored) {
  const asked: string[] = [];
  const answer = <T>(question: string, value: T | Error): T => {
    asked.push(question);
    if (value instanceof Error) throw value;
    return value;
  };
  const reader = {
    list: async ({ resource }: ResourceType, namespace = '') => ({
      metadata: { resourceVersion: '1' },
      items: answer(`list ${resource}/${namespace}`, bindings[`${resource}/${namespace}`] ?? []),
    }),
    find: async ({ kind }: ResourceType, _: unknown, name: string) => {
      const rules = answer(`get ${kind}/${name}`, roles[`${kind}/${name}`] ?? null);
      return rules && { rules };
    },
  } as unknown as Reader;
  return { finder: new GrantFinder(reader, 1_000), asked };
}

function bindingTo(role: string, subjects: object[] | null = [{ kind: 'User', name: 'alice' }], name = 'b') {
  const [kind, roleName] = role.split('/');
  return { metadata: { name, namespace: 'demo' }, roleRef: { kind, name: roleName }, subjects };
}

const find = ({ finder }: ReturnType<typeof scripted>, reason: string | null = null, who = user) =>
  finder.find({ user: who, attributes, reason });

describe('the binding that allows something', () => {
  it.each([
    ['the user', user, { kind: 'User', name: 'alice' }],
    ['a group', user, { kind: 'Group', name: 'team' }],
    ['a service account', account, { kind: 'ServiceAccount', name: 'runner', namespace: 'demo' }],
    ["a service account of the binding's own namespace", account, { kind: 'ServiceAccount', name: 'runner' }],
    ['the username of a service account', account, { kind: 'User', name: account.username }],
  ])('names %s', async (_, who, subject) => {
    const cluster = scripted({
      bindings: { 'rolebindings/demo': [bindingTo('Role/r', [{ kind: 'User', name: 'bob' }, subject])] },
      roles: { 'Role/r': [{ verbs: ['list'] }, RULE] },
    });
    const grant = await find(cluster, null, who);
    expect(grant?.rule).toEqual({ ...RULE, resourceNames: [] });
    expect(grant?.subject).toMatchObject({ kind: subject.kind, name: subject.name });
  });

  it.each([
    ['another user', { kind: 'User', name: 'Alice' }],
    ['a user named as the group', { kind: 'User', name: 'team' }],
    ['a group named as the user', { kind: 'Group', name: 'alice' }],
    ['a service account elsewhere', { kind: 'ServiceAccount', name: 'alice', namespace: 'x' }],
  ])('does not name %s', async (_, subject) => {
    const bindings = { 'rolebindings/demo': [bindingTo('Role/r', [subject]), bindingTo('Role/r', null)] };
    expect(await find(scripted({ bindings, roles: { 'Role/r': [RULE] } }))).toBeNull();
  });

  it('is one in the namespace before one for the whole cluster, which is not read then', async () => {
    const cluster = scripted({
      bindings: {
        'rolebindings/demo': [bindingTo('ClusterRole/c')],
        'clusterrolebindings/': [bindingTo('ClusterRole/c')],
      },
      roles: { 'ClusterRole/c': [RULE] },
    });
    expect((await find(cluster))?.binding).toEqual({ kind: 'RoleBinding', name: 'b', namespace: 'demo' });
    expect(cluster.asked).toEqual(['list rolebindings/demo', 'get ClusterRole/c']);
  });

  it('is read once', async () => {
    const cluster = scripted({
      bindings: { 'rolebindings/demo': [bindingTo('Role/r')] },
      roles: { 'Role/r': [RULE] },
    });
    await Promise.all([find(cluster), find(cluster)]);
    await find(cluster);
    expect(cluster.asked).toEqual(['list rolebindings/demo', 'get Role/r']);
  });

  it('is first the one that the API server names', async () => {
    const bindings = ['first', 'second'].map((name) => bindingTo(`Role/${name}`, undefined, name));
    const cluster = scripted({
      bindings: { 'rolebindings/demo': bindings },
      roles: { 'Role/first': [RULE], 'Role/second': [RULE] },
    });
    const reason = 'RBAC: allowed by RoleBinding "second/demo" of Role "second" to User "alice"';
    expect((await find(cluster, reason))?.role.name).toBe('second');
    expect(cluster.asked).toEqual(['list rolebindings/demo', 'get Role/second']);
  });

  it('is without a rule if the API server names it and its role may not be read', async () => {
    const stored = {
      bindings: { 'rolebindings/demo': [bindingTo('Role/r')] },
      roles: { 'Role/r': denied('roles') },
    };
    const named = await find(
      scripted(stored),
      'RBAC: allowed by RoleBinding "b/demo" of Role "r" to User "alice"',
    );
    expect(named).toMatchObject({ binding: { name: 'b' }, rule: null });
    expect(named && reasonOf(named)).toContain('"b/demo"');
    // Any authorizer can write what it wants.
    for (const reason of [null, '', 'RBAC: allowed by RoleBinding "b/demo"', '"b/demo" "r" "alice"'])
      expect(await find(scripted(stored), reason)).toBeNull();
  });

  it('is not known where bindings may not be read, and is looked for in those that may', async () => {
    const bindings = {
      'rolebindings/demo': denied('rolebindings'),
      'clusterrolebindings/': [bindingTo('ClusterRole/c')],
    };
    const cluster = scripted({ bindings, roles: { 'ClusterRole/c': [RULE] } });
    expect((await find(cluster))?.binding.kind).toBe('ClusterRoleBinding');
    expect(
      await find(scripted({ bindings: { ...bindings, 'clusterrolebindings/': denied('x') } })),
    ).toBeNull();
  });

  it('is an error where the cluster fails', async () => {
    const bindings = { 'rolebindings/demo': new Unavailable('The cluster cannot be reached') };
    await expect(find(scripted({ bindings }))).rejects.toThrow(Unavailable);
  });

  it('is not known after 50 roles without such a rule', async () => {
    const roles = Array.from({ length: 60 }, (_, index) => `r${index}`);
    const cluster = scripted({
      bindings: { 'rolebindings/demo': roles.map((role) => bindingTo(`Role/${role}`)) },
      roles: { 'Role/r59': [RULE] },
    });
    expect(await find(cluster)).toBeNull();
    expect(cluster.asked).toHaveLength(51);
  });

  it('is not read by a name that a URL would change', async () => {
    for (const name of ['a b', '../x', 'ü', 'x?y', '']) {
      const binding = { ...bindingTo('Role/'), roleRef: { kind: 'Role', name } };
      const odd = scripted({ bindings: { 'rolebindings/demo': [binding] } });
      expect(await find(odd)).toBeNull();
      expect(odd.asked.filter((each) => each.startsWith('get'))).toEqual([]);
    }
  });
});
