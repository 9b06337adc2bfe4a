import { describe, expect, it } from 'vitest';
import { encodeNodeId } from '../../../src/graphql/relay/node-id.ts';
import { kubernetesNodeType, NodeTypes } from '../../../src/graphql/relay/node-type.ts';
import { JOBS, NAMESPACES, PODS } from '../../../src/kubernetes/resources.ts';

const loadNothing = async () => null;
const Job = kubernetesNodeType('Job', JOBS, loadNothing);
const Pod = kubernetesNodeType('Pod', PODS, loadNothing);
const Project = kubernetesNodeType('Project', NAMESPACES, loadNothing);
const metadata = { namespace: 'demo', name: 'run-1', uid: 'u-1' };

function registered() {
  const types = new NodeTypes();
  for (const type of [Job, Project]) types.register(type);
  return types;
}

describe('registered types', () => {
  it('are found by the name of their GraphQL type', () => {
    expect(registered().find('Job')).toBe(Job);
    expect(registered().find('Project')).toBe(Project);
  });

  it.each(['Pod', 'Namespace', 'job', '', 'constructor', '__proto__'])('are not found as %j', (typename) => {
    expect(registered().find(typename)).toBeUndefined();
  });

  it.each([
    ['the same type', Job],
    ['another type of the same name', kubernetesNodeType('Job', PODS, loadNothing)],
  ])('are registered once: %s', (_, type) => {
    const types = registered();
    expect(() => types.register(type)).toThrow(/Job/);
    expect(types.find('Job')).toBe(Job);
  });

  it('are not shared', () => {
    const types = registered();
    types.register(Pod);
    expect(registered().find('Pod')).toBeUndefined();
  });
});

describe('an object', () => {
  it.each([
    ['in a namespace', { kind: 'Job', metadata }, { typename: 'Job', ...metadata }],
    [
      'that is cluster-scoped',
      { kind: 'Namespace', metadata: { name: 'demo', uid: 'u-2' } },
      { typename: 'Project', namespace: '', name: 'demo', uid: 'u-2' },
    ],
    [
      'without metadata of its own',
      { kind: 'Job', metadata: {} },
      { typename: 'Job', namespace: '', name: '', uid: '' },
    ],
  ])('%s has the id of its registered type', (_, object, nodeId) => {
    expect(registered().idOf(object)).toBe(encodeNodeId(nodeId));
    expect(registered().typeOf(object).typename).toBe(nodeId.typename);
  });

  it.each([
    ['of a type that is not registered', { kind: 'Pod', metadata }],
    ['with the name of the GraphQL type as its kind', { kind: 'Project', metadata }],
    ['with a kind in another case', { kind: 'job', metadata }],
    ['with an odd kind', { kind: ['Job'], metadata }],
    ['without a kind', { metadata }],
    ['that is empty', {}],
  ])('%s has no id: that throws', (_, object) => {
    expect(() => registered().idOf(object)).toThrow(TypeError);
    expect(() => registered().typeOf(object)).toThrow(TypeError);
  });

  it('that has no id is named by its kind, and shows nothing else', () => {
    const secret = { kind: 'Secret', metadata: { name: 's3cret' }, data: { token: 's3cret' } };
    expect(() => registered().idOf(secret)).toThrow(/Secret/);
    expect(() => registered().idOf(secret)).not.toThrow(/s3cret/);
  });

  it('belongs to the type that was registered first, if several match', () => {
    const types = registered();
    types.register(kubernetesNodeType('OtherJob', JOBS, loadNothing));
    expect(types.typeOf({ kind: 'Job', metadata })).toBe(Job);
  });
});

describe('the id of a Kubernetes object', () => {
  const nodeId = (namespace: string, name: string) => ({ typename: 'x', namespace, name, uid: 'u' });

  it.each([
    ['in a namespace', true, Job, 'demo', 'run-1'],
    ['with a DNS subdomain as its name', true, Job, 'demo', 'run.example.org'],
    ['without a namespace', false, Job, '', 'run-1'],
    ['without a name', false, Job, 'demo', ''],
    ['with a namespace that is a subdomain', false, Job, 'a.b', 'run-1'],
    ['with a namespace that climbs', false, Job, '..', 'run-1'],
    ['with a name that climbs', false, Job, 'demo', '../secrets'],
    ['with an escaped name', false, Job, 'demo', 'a%2fb'],
    ['with a name in capitals', false, Job, 'demo', 'Run'],
    ['with a name that is too long', false, Job, 'demo', 'a'.repeat(254)],
    ['that is cluster-scoped', true, Project, '', 'demo'],
    ['that is cluster-scoped, in a namespace', false, Project, 'demo', 'demo'],
    ['of a namespace that is a subdomain', false, Project, '', 'a.b'],
    ['of a namespace without a name', false, Project, '', ''],
    ['of a namespace that climbs', false, Project, '', '..'],
  ])('%s can exist: %s', (_, canExist, type, namespace, name) => {
    expect(type.canExist(nodeId(namespace, name))).toBe(canExist);
  });
});
