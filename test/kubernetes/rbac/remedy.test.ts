import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifestOf } from '../../../src/kubernetes/rbac/manifest.ts';
import { ruleAllows } from '../../../src/kubernetes/rbac/policy-rule.ts';
import { remedyFor } from '../../../src/kubernetes/rbac/remedy.ts';
import type { ResourceAttributes } from '../../../src/kubernetes/resource-attributes.ts';

const LIST: ResourceAttributes = { verb: 'list', group: '', resource: 'pods', namespace: 'demo' };
const ALICE = { username: 'alice', groups: [] };

describe('a remedy', () => {
  it('is a Role wherever one is enough', () => {
    const kindOf = (attributes: Partial<ResourceAttributes>) => {
      const { kind, namespace } = remedyFor({ ...LIST, ...attributes }).role;
      return [kind, namespace];
    };
    expect(kindOf({})).toEqual(['Role', 'demo']);
    expect(kindOf({ namespace: undefined })).toEqual(['ClusterRole', undefined]);
    // A Namespace is in itself.
    const project = { resource: 'namespaces', namespace: undefined };
    expect(kindOf({ ...project, verb: 'get', name: 'mine' })).toEqual(['Role', 'mine']);
    expect(kindOf({ ...project })).toEqual(['ClusterRole', undefined]);
  });

  it('names the object, unless it is yet to be created', () => {
    const namesOf = (attributes: Partial<ResourceAttributes>) =>
      remedyFor({ ...LIST, ...attributes }).rules[0].resourceNames;
    expect(namesOf({ verb: 'get', name: 'p' })).toEqual(['p']);
    expect(namesOf({ verb: 'create', name: 'p' })).toEqual([]);
    expect(namesOf({ verb: 'create', subresource: 'eviction', name: 'p' })).toEqual(['p']);
  });

  it('has the same name for the same rule, and another one for another', () => {
    const nameOf = (attributes: Partial<ResourceAttributes>) =>
      remedyFor({ ...LIST, ...attributes }).role.name;
    expect(nameOf({})).toMatch(/^list-pods-[0-9a-f]{12}$/);
    expect(nameOf({ namespace: 'other' })).toBe(nameOf({}));
    expect(
      new Set([nameOf({}), nameOf({ group: 'x' }), nameOf({ name: 'p' }), nameOf({ verb: 'LIST' })]).size,
    ).toBe(4);
  });

  it.each<[string, Partial<ResourceAttributes>]>([
    ['escalate', { verb: 'escalate', group: 'rbac.authorization.k8s.io', resource: 'roles' }],
    [
      'bind',
      { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', name: 'cluster-admin' },
    ],
    ['impersonate', { verb: 'impersonate', resource: 'users', name: 'admin' }],
    ['secrets', { resource: 'secrets' }],
    ['tokens', { verb: 'create', resource: 'serviceaccounts', subresource: 'token', name: 'x' }],
    ['bindings', { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'rolebindings' }],
    ['exec', { verb: 'create', resource: 'pods', subresource: 'exec' }],
    ['any verb', { verb: '*' }],
    ['any group', { group: '*' }],
    ['any resource', { resource: '*' }],
    ['a subresource of any resource', { resource: '*/scale' }],
  ])('says that an administrator has to decide about %s', (_, attributes) => {
    expect(remedyFor({ ...LIST, ...attributes }).escalationRisk).toMatch(/^\S.*\S$/);
  });

  it.each<[string, Partial<ResourceAttributes>]>([
    ['pods', {}],
    ['secrets of another group', { group: 'example.com', resource: 'secrets' }],
    ['reading bindings', { group: 'rbac.authorization.k8s.io', resource: 'rolebindings' }],
    ['logs', { verb: 'get', subresource: 'log' }],
  ])('says nothing of that about %s', (_, attributes) => {
    expect(remedyFor({ ...LIST, ...attributes }).escalationRisk).toBeNull();
  });

  it('allows what was asked, whatever the words', () => {
    const text = fc.string({ minLength: 1 });
    const maybe = fc.option(text, { nil: undefined });
    const attributes = fc.record({
      verb: text,
      group: fc.string(),
      resource: text,
      subresource: maybe,
      namespace: maybe,
      name: maybe,
    });
    fc.assert(
      fc.property(attributes, (asked) => {
        const { rules, role } = remedyFor(asked);
        expect(rules.filter((rule) => ruleAllows(rule, asked))).toHaveLength(1);
        expect(role.name).toMatch(/^[a-z0-9-]{1,53}$/);
      }),
    );
  });
});

describe('a manifest', () => {
  it('is a role and its binding to the user', () => {
    const [role, binding] = parseAllDocuments(manifestOf(remedyFor(LIST), ALICE)).map((each) => each.toJS());
    const { name } = remedyFor(LIST).role;
    expect(role).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name, namespace: 'demo' },
      rules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }],
    });
    expect(binding).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: expect.stringContaining(`${name}-`), namespace: 'demo' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
    });
  });

  it('binds a service account as one', () => {
    const username = 'system:serviceaccount:demo:runner';
    const text = manifestOf(remedyFor({ ...LIST, namespace: undefined }), { username, groups: [] });
    const [, binding] = parseAllDocuments(text).map((each) => each.toJS());
    expect(binding.kind).toBe('ClusterRoleBinding');
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: 'runner', namespace: 'demo' }]);
  });

  const HOSTILE = [
    'x"\n---\nkind: ClusterRoleBinding\nroleRef: {name: cluster-admin}',
    'yes',
    '0x10',
    '~',
    '!!js/function x',
    '&a *a',
    '# comment',
    '\u0085\u2028\u2029---',
    '\u202egnp.exe\u202c',
    '\u0000\u001b[2J',
    '\\U00000022',
    '{{ .Values }}',
    '\ud800',
    '\u{e0041}\u{1f600}',
  ];

  it.each(HOSTILE)('has two documents with the name %j as it is, in whichever YAML', (hostile) => {
    const attributes = {
      ...LIST,
      verb: hostile,
      group: hostile,
      resource: hostile,
      namespace: hostile,
      name: hostile,
    };
    const text = manifestOf(remedyFor(attributes), { username: hostile, groups: [] });
    const given = hostile.toWellFormed();
    for (const version of ['1.1', '1.2'] as const) {
      const documents = parseAllDocuments(text, { version });
      expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
      const [role, binding] = documents.map((each) => each.toJS());
      expect(documents).toHaveLength(2);
      expect(role.kind).toBe('Role');
      expect(role.metadata.namespace).toBe(given);
      expect(role.rules).toEqual([
        { verbs: [given], apiGroups: [given], resources: [given], resourceNames: [given] },
      ]);
      expect(binding.subjects[0].name).toBe(given);
    }
    // Nothing in it is hidden from who reads it, and only the manifest itself ends lines.
    expect(text).toMatch(/^(\n|[^\p{C}\p{Zl}\p{Zp}])*$/u);
    expect(text.split('\n').filter((line) => line.startsWith('---'))).toHaveLength(1);
  });
});
