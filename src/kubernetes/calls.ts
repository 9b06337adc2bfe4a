import type { PatchOperation } from './json-patch.ts';
import {
  collectionPath,
  discoveryPath,
  type ResourceLocation,
  type ResourcePath,
  resourcePath,
} from './path.ts';
import {
  ALL_NAMESPACES,
  type FollowLogOptions,
  type ListNamespace,
  type ListOptions,
  type LogOptions,
  type WatchOptions,
} from './reader.ts';
import type { ResourceAttributes } from './resource-attributes.ts';
import { JOBS, PODS, type ResourceType } from './resources.ts';

/** A request to the Kubernetes API, without the identity that makes it. */
export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: ResourcePath;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  /** The Accept header, for a representation other than the whole object as JSON. */
  accept?: string;
  /** The maximum size of the response in bytes, if that is less than the transport's own limit. */
  maxBytes?: number;
  attributes: ResourceAttributes;
  /** Whether it may be retried after a failure. */
  idempotent: boolean;
}

/** One object, or a subresource of it. Without a name a delete would be that of the whole collection. */
export type ObjectLocation = ResourceLocation & { name: string };

/** Preconditions of a delete (meta/v1): 409 if the object is another one, or has another version, by now. */
export interface Preconditions {
  uid: string;
  resourceVersion?: string;
}

/** Identifies Writ's changes in managedFields. */
const FIELD_MANAGER = 'writ';

export function getCall(type: ResourceType, namespace: string | undefined, name: string): ApiCall {
  return read('get', type, { namespace, name });
}

/** The discovery API: which resources the version of the type's group has. */
export function discoveryCall(type: ResourceType): ApiCall {
  const { group } = type;
  return {
    method: 'GET',
    path: discoveryPath(type),
    attributes: { verb: 'get', group, resource: 'apiresources' },
    idempotent: true,
  };
}

export function listCall(
  type: ResourceType,
  namespace: ListNamespace,
  { maxBytes, transient: _, ...query }: ListOptions = {},
): ApiCall {
  return {
    ...readCollection('list', type, namespace),
    query: { ...query },
    ...(maxBytes !== undefined && { maxBytes }),
  };
}

export function watchCall(
  type: ResourceType,
  namespace: ListNamespace,
  { idleMs: _, ...query }: WatchOptions,
): ApiCall {
  return {
    ...readCollection('watch', type, namespace),
    query: { watch: true, allowWatchBookmarks: true, ...query },
    idempotent: false,
  };
}

export function logCall(namespace: string, pod: string, options: LogOptions): ApiCall {
  return { ...read('get', PODS, { namespace, name: pod, subresource: 'log' }), query: { ...options } };
}

/** Each line begins with its time: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log */
export function followLogCall(
  namespace: string,
  pod: string,
  { idleMs: _, ...query }: FollowLogOptions,
): ApiCall {
  return {
    ...read('get', PODS, { namespace, name: pod, subresource: 'log' }),
    query: { follow: true, timestamps: true, ...query },
    idempotent: false,
  };
}

/** A review (SelfSubjectAccessReview and kin). It stores nothing, so it may be retried. */
export function reviewCall(
  type: ResourceType,
  review: unknown,
  location: { namespace?: string } = {},
): ApiCall {
  return { ...read('create', type, location), method: 'POST', body: review };
}

/** @param location a collection, or a subresource of an object */
export function createCall(type: ResourceType, location: ResourceLocation, manifest: unknown): ApiCall {
  return write('create', 'POST', type, location, { body: manifest });
}

/** As {@link createCall}, but nothing is stored: the API server only checks whether the object can be created. */
export function dryRunCreateCall(type: ResourceType, location: ResourceLocation, manifest: unknown): ApiCall {
  const call = createCall(type, location, manifest);
  return { ...call, query: { ...call.query, dryRun: 'All' } };
}

/** Replaces the object: 409 if its resourceVersion differs from the manifest's. */
export function updateCall(type: ResourceType, location: ObjectLocation, manifest: unknown): ApiCall {
  return write('update', 'PUT', type, location, { body: manifest });
}

/**
 * A JSON merge patch (RFC 7386). A resourceVersion in its metadata is a precondition (409), and so is a UID (422), except
 * on a status subresource, where the UID is ignored.
 */
export function mergePatchCall(type: ResourceType, location: ObjectLocation, patch: unknown): ApiCall {
  const contentType = 'application/merge-patch+json';
  return write('patch', 'PATCH', type, location, { body: patch, contentType });
}

/** A JSON patch (RFC 6902), applied as a whole or not at all: 422 if one of its tests fails. */
export function jsonPatchCall(
  type: ResourceType,
  location: ObjectLocation,
  operations: PatchOperation[],
): ApiCall {
  const contentType = 'application/json-patch+json';
  return write('patch', 'PATCH', type, location, { body: operations, contentType });
}

/** Always with a propagationPolicy: the default of batch/v1 orphans a Job's pods. A Job is deleted after its pods. */
export function deleteCall(
  type: ResourceType,
  location: ObjectLocation,
  preconditions: Preconditions,
): ApiCall {
  const propagationPolicy = type === JOBS ? 'Foreground' : 'Background';
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy };
  const { query: _, ...call } = write('delete', 'DELETE', type, location, { body });
  return call;
}

function readCollection(verb: string, type: ResourceType, namespace: ListNamespace): ApiCall {
  if (namespace !== ALL_NAMESPACES) return read(verb, type, { namespace });
  return {
    method: 'GET',
    path: collectionPath(type),
    attributes: attributesOf(verb, type, {}),
    idempotent: true,
  };
}

function read(verb: string, type: ResourceType, location: ResourceLocation): ApiCall {
  return {
    method: 'GET',
    path: resourcePath(type, location),
    attributes: attributesOf(verb, type, location),
    idempotent: true,
  };
}

function write(
  verb: string,
  method: ApiCall['method'],
  type: ResourceType,
  location: ResourceLocation,
  content: Pick<ApiCall, 'body' | 'contentType'>,
): ApiCall {
  // Types are gone at run time.
  if (method !== 'POST' && location.name === undefined) throw new TypeError(`a ${verb} needs a name`);
  return {
    method,
    path: resourcePath(type, location),
    query: { fieldManager: FIELD_MANAGER },
    ...content,
    attributes: attributesOf(verb, type, location),
    idempotent: false,
  };
}

function attributesOf(
  verb: string,
  { group, resource }: ResourceType,
  { namespace, name, subresource }: ResourceLocation,
): ResourceAttributes {
  return { verb, group, resource, subresource, namespace, name };
}

/** With the `?`, and without the parameters that have no value. */
export function queryString(query: ApiCall['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  return params.size === 0 ? '' : `?${params}`;
}
