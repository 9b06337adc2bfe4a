import { describe, expect, it } from 'vitest';
import {
  type ApiCall,
  createCall,
  deleteCall,
  followLogCall,
  getCall,
  jsonPatchCall,
  listCall,
  logCall,
  mergePatchCall,
  reviewCall,
  updateCall,
  watchCall,
} from '../../src/kubernetes/calls.ts';
import { ALL_NAMESPACES, type ListNamespace } from '../../src/kubernetes/reader.ts';
import {
  JOBS,
  NAMESPACES,
  SECRETS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SERVICE_ACCOUNTS,
} from '../../src/kubernetes/resources.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';

const SESSIONS = '/apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions';
const group = 'vteam.ambient-code';
const resource = 'agenticsessions';
const at = { namespace: 'demo', name: 'fix-cart' };
const manifest = { spec: { timeout: 1 } };
const preconditions = { uid: 'u-1', resourceVersion: '7' };
const byWrit = { fieldManager: 'writ' };
const watchOptions = { resourceVersion: '7', timeoutSeconds: 300, idleMs: 5_000 };

const READS: [string, ApiCall, object][] = [
  [
    'get',
    getCall(AGENTIC_SESSIONS, 'demo', 'fix-cart'),
    { path: `${SESSIONS}/fix-cart`, attributes: { verb: 'get', group, resource, ...at } },
  ],
  [
    'get a namespace',
    getCall(NAMESPACES, undefined, 'demo'),
    {
      path: '/api/v1/namespaces/demo',
      attributes: { verb: 'get', group: '', resource: 'namespaces', name: 'demo' },
    },
  ],
  [
    'list',
    listCall(AGENTIC_SESSIONS, 'demo', {
      limit: 4,
      continue: 'c',
      labelSelector: 'a=b',
      fieldSelector: 'd=e',
    }),
    {
      path: SESSIONS,
      query: { limit: 4, continue: 'c', labelSelector: 'a=b', fieldSelector: 'd=e' },
      attributes: { verb: 'list', group, resource, namespace: 'demo' },
    },
  ],
  [
    'list with a limit of its own',
    listCall(AGENTIC_SESSIONS, 'demo', { maxBytes: 1_024 }),
    {
      path: SESSIONS,
      query: {},
      maxBytes: 1_024,
      attributes: { verb: 'list', group, resource, namespace: 'demo' },
    },
  ],
  [
    'list without options',
    listCall(NAMESPACES, undefined),
    {
      path: '/api/v1/namespaces',
      query: {},
      attributes: { verb: 'list', group: '', resource: 'namespaces' },
    },
  ],
  [
    'list in all namespaces',
    listCall(JOBS, ALL_NAMESPACES, { limit: 4 }),
    {
      path: '/apis/batch/v1/jobs',
      query: { limit: 4 },
      attributes: { verb: 'list', group: 'batch', resource: 'jobs' },
    },
  ],
  [
    'log',
    logCall('demo', 'pod-1', { container: 'runner', tailLines: 10, limitBytes: 1_024 }),
    {
      path: '/api/v1/namespaces/demo/pods/pod-1/log',
      query: { container: 'runner', tailLines: 10, limitBytes: 1_024 },
      attributes: {
        verb: 'get',
        group: '',
        resource: 'pods',
        subresource: 'log',
        namespace: 'demo',
        name: 'pod-1',
      },
    },
  ],
];

it('a followed log has times, and is not retried: the call would repeat lines', () => {
  const sinceTime = '2026-01-02T10:00:00Z';
  expect(followLogCall('demo', 'pod-1', { container: 'runner', sinceTime, idleMs: 1_000 })).toEqual({
    ...logCall('demo', 'pod-1', { tailLines: 1, limitBytes: 1 }),
    query: { follow: true, timestamps: true, container: 'runner', sinceTime },
    idempotent: false,
  });
});

describe('a read', () => {
  it.each(READS)('%s', (_, call, expected) => {
    expect(call).toEqual({ method: 'GET', idempotent: true, ...expected });
  });

  it.each<[string, ListNamespace, string, string | undefined]>([
    ['a namespace', 'demo', SESSIONS, 'demo'],
    ['all namespaces', ALL_NAMESPACES, `/apis/${group}/v1alpha1/${resource}`, undefined],
  ])('watch of %s is not repeated, and asks for bookmarks', (_, namespace, path, reviewed) => {
    expect(watchCall(AGENTIC_SESSIONS, namespace, { ...watchOptions, labelSelector: 'a=b' })).toEqual({
      method: 'GET',
      path,
      query: {
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: '7',
        timeoutSeconds: 300,
        labelSelector: 'a=b',
      },
      attributes: { verb: 'watch', group, resource, namespace: reviewed },
      idempotent: false,
    });
  });

  it('that is a self review is a create that stores nothing, and may be repeated', () => {
    expect(reviewCall(SELF_SUBJECT_ACCESS_REVIEWS, { spec: {} })).toEqual({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: { spec: {} },
      attributes: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
      idempotent: true,
    });
  });
});

const WRITES: [string, ApiCall, object][] = [
  [
    'create',
    createCall(AGENTIC_SESSIONS, { namespace: 'demo' }, manifest),
    {
      method: 'POST',
      path: SESSIONS,
      query: byWrit,
      body: manifest,
      attributes: { verb: 'create', group, resource, namespace: 'demo' },
    },
  ],
  [
    'create a subresource',
    createCall(SERVICE_ACCOUNTS, { namespace: 'demo', name: 'run', subresource: 'token' }, manifest),
    {
      method: 'POST',
      path: '/api/v1/namespaces/demo/serviceaccounts/run/token',
      query: byWrit,
      body: manifest,
      attributes: {
        verb: 'create',
        group: '',
        resource: 'serviceaccounts',
        subresource: 'token',
        namespace: 'demo',
        name: 'run',
      },
    },
  ],
  [
    'update',
    updateCall(AGENTIC_SESSIONS, at, manifest),
    {
      method: 'PUT',
      path: `${SESSIONS}/fix-cart`,
      query: byWrit,
      body: manifest,
      attributes: { verb: 'update', group, resource, ...at },
    },
  ],
  [
    'merge patch',
    mergePatchCall(AGENTIC_SESSIONS, at, manifest),
    {
      method: 'PATCH',
      path: `${SESSIONS}/fix-cart`,
      query: byWrit,
      body: manifest,
      contentType: 'application/merge-patch+json',
      attributes: { verb: 'patch', group, resource, ...at },
    },
  ],
  [
    'JSON patch of a status',
    jsonPatchCall(AGENTIC_SESSIONS, { ...at, subresource: 'status' }, [{ op: 'remove', path: '/status/a' }]),
    {
      method: 'PATCH',
      path: `${SESSIONS}/fix-cart/status`,
      query: byWrit,
      body: [{ op: 'remove', path: '/status/a' }],
      contentType: 'application/json-patch+json',
      attributes: { verb: 'patch', group, resource, subresource: 'status', ...at },
    },
  ],
  [
    'delete in the background',
    deleteCall(SECRETS, at, preconditions),
    {
      method: 'DELETE',
      path: '/api/v1/namespaces/demo/secrets/fix-cart',
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: 'Background' },
      attributes: { verb: 'delete', group: '', resource: 'secrets', ...at },
    },
  ],
  [
    'delete a Job after its pods',
    deleteCall(JOBS, at, { uid: 'u-1' }),
    {
      method: 'DELETE',
      path: '/apis/batch/v1/namespaces/demo/jobs/fix-cart',
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid: 'u-1' },
        propagationPolicy: 'Foreground',
      },
      attributes: { verb: 'delete', group: 'batch', resource: 'jobs', ...at },
    },
  ],
];

describe('a write is never repeated', () => {
  it.each(WRITES)('%s', (_, call, expected) => {
    expect(call).toEqual({ idempotent: false, ...expected });
  });
});
