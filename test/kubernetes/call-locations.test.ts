import { describe, expect, it } from 'vitest';
import {
  type ApiCall,
  createCall,
  deleteCall,
  getCall,
  jsonPatchCall,
  listCall,
  logCall,
  mergePatchCall,
  reviewCall,
  updateCall,
  watchCall,
} from '../../src/kubernetes/calls.ts';
import { NAMESPACES, PODS, SECRETS, SERVICE_ACCOUNTS } from '../../src/kubernetes/resources.ts';

const at = { namespace: 'demo', name: 'fix-cart' };
const preconditions = { uid: 'u-1' };
const watchOptions = { resourceVersion: '7', timeoutSeconds: 300, idleMs: 5_000 };

/** Each call of a named object, as a function of that name and its namespace. */
const NAMED: [string, (namespace: string, name: string) => ApiCall][] = [
  ['get', (namespace, name) => getCall(SECRETS, namespace, name)],
  ['log', (namespace, pod) => logCall(namespace, pod, { tailLines: 1, limitBytes: 1 })],
  [
    'create of a subresource',
    (namespace, name) => createCall(SERVICE_ACCOUNTS, { namespace, name, subresource: 'token' }, {}),
  ],
  ['update', (namespace, name) => updateCall(SECRETS, { namespace, name }, {})],
  ['merge patch', (namespace, name) => mergePatchCall(SECRETS, { namespace, name }, {})],
  ['JSON patch', (namespace, name) => jsonPatchCall(SECRETS, { namespace, name }, [])],
  ['delete', (namespace, name) => deleteCall(SECRETS, { namespace, name }, preconditions)],
];
const ODD_NAMES = [
  '',
  ' ',
  '.',
  '..',
  '../secrets',
  'a/b',
  '/',
  'a\\b',
  '%2e%2e',
  'a%2fb',
  'a?watch=true',
  'a#',
  'a;b',
  'a\n',
  'a\0',
  'UPPER',
  '\u00e9',
  '\uff0e\uff0e',
  '-a',
  'a-',
  '.a',
  'a.',
  'a..b',
  'a'.repeat(254),
];

describe('a name that is not one of Kubernetes', () => {
  it.each(NAMED)('never becomes the path of another object or a collection: %s', (_, callOf) => {
    for (const name of ODD_NAMES) {
      const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT', fields: [expect.anything()] });
      expect(() => callOf('demo', name), JSON.stringify(name)).toThrow(refusal);
      expect(() => callOf(name, 'a'), JSON.stringify(name)).toThrow(refusal);
    }
  });

  it.each([
    ['list', (namespace: string) => listCall(SECRETS, namespace)],
    ['watch', (namespace: string) => watchCall(SECRETS, namespace, watchOptions)],
    ['create', (namespace: string) => createCall(SECRETS, { namespace }, {})],
  ])('never becomes the path of another namespace: %s', (_, callOf) => {
    for (const namespace of [...ODD_NAMES, 'a.b', 'a'.repeat(64)]) {
      expect(() => callOf(namespace), JSON.stringify(namespace)).toThrow(
        expect.objectContaining({
          code: 'BAD_USER_INPUT',
          fields: [expect.objectContaining({ path: 'namespace' })],
        }),
      );
    }
  });

  it.each(['a.b', 'a'.repeat(64)])('never becomes the path of a namespace object: %s', (name) => {
    expect(() => getCall(NAMESPACES, undefined, name)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        fields: [expect.objectContaining({ path: 'name' })],
      }),
    );
  });

  it.each(['a', 'a.b', 'a-1.b-2', '0', 'a'.repeat(63), 'a'.repeat(253)])('is none of: %s', (name) => {
    expect(getCall(SECRETS, 'demo', name).path).toBe(`/api/v1/namespaces/demo/secrets/${name}`);
  });
});

describe('a location that does not fit its resource', () => {
  it.each([
    ['a get without a namespace', () => getCall(SECRETS, undefined, 'a')],
    ['a list without a namespace', () => listCall(SECRETS, undefined)],
    ['a watch without a namespace', () => watchCall(SECRETS, undefined, watchOptions)],
    ['a create without a namespace', () => createCall(SECRETS, {}, {})],
    ['an update without a namespace', () => updateCall(SECRETS, { name: 'a' }, {})],
    ['a merge patch without a namespace', () => mergePatchCall(SECRETS, { name: 'a' }, {})],
    ['a JSON patch without a namespace', () => jsonPatchCall(SECRETS, { name: 'a' }, [])],
    ['a delete without a namespace', () => deleteCall(SECRETS, { name: 'a' }, preconditions)],
    ['a namespaced review', () => reviewCall(SECRETS, {})],
    ['a namespace in a namespace', () => getCall(NAMESPACES, 'demo', 'a')],
    ['a list of namespaces in a namespace', () => listCall(NAMESPACES, 'demo')],
    ['an unknown subresource', () => createCall(PODS, { ...at, subresource: 'exec' }, {})],
    ['a subresource that climbs', () => createCall(PODS, { ...at, subresource: '../x' }, {})],
    ['a subresource that is empty', () => createCall(PODS, { ...at, subresource: '' }, {})],
    [
      'a subresource of a collection',
      () => createCall(PODS, { namespace: 'demo', subresource: 'status' }, {}),
    ],
  ])('throws: %s', (_, build) => {
    expect(build).toThrow(TypeError);
  });
});
