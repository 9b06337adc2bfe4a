import { unsupported } from '../field-errors.ts';
import { type Fields, isFields, type KubeObject, stringAt, timestamp } from '../objects.ts';
import { badRequest, forbidden, invalid, kindConflict } from '../status.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resources.ts';
import type { Store } from './store.ts';

const policies = ['Foreground', 'Background', 'Orphan'] as const;

export interface DeleteOptions {
  propagationPolicy?: (typeof policies)[number];
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/** DeleteOptions from the body, if any, and the query. */
export function parseDeleteOptions(body: Fields | undefined, query: URLSearchParams): DeleteOptions {
  const given = stringAt(body, 'propagationPolicy') ?? query.get('propagationPolicy') ?? undefined;
  const propagationPolicy = policies.find((policy) => policy === given);
  if (given !== undefined && !propagationPolicy) {
    const cause = unsupported('propagationPolicy', given, [...policies]);
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [cause]);
  }
  const { preconditions } = body ?? {};
  if (preconditions !== undefined && !isFields(preconditions))
    throw badRequest('preconditions is not an object');
  return {
    ...(propagationPolicy && { propagationPolicy }),
    ...(isFields(preconditions) && {
      preconditions: preconditions as { uid?: string; resourceVersion?: string },
    }),
    dryRun: query.has('dryRun') || Array.isArray(body?.dryRun),
  };
}

/** Deletes the object. If finalizers keep it, sets its deletionTimestamp and returns it. */
export function deleteObject(
  registry: Registry,
  resource: Resource,
  object: KubeObject,
  options: DeleteOptions = {},
): KubeObject | undefined {
  const { name, uid, finalizers = [] } = object.metadata;
  checkPreconditions(resource, object, options);
  if (resource.kind === 'Namespace' && ['default', 'kube-system', 'kube-public'].includes(name)) {
    throw forbidden(resource, name, 'this namespace may not be deleted');
  }
  // Jobs are the only kind whose default is Orphan: https://github.com/kubernetes/kubernetes/issues/71801
  const policy = options.propagationPolicy ?? (resource.kind === 'Job' ? 'Orphan' : 'Background');
  const held = policy === 'Foreground' ? [...new Set([...finalizers, 'foregroundDeletion'])] : finalizers;
  if (options.dryRun) return object;
  if (policy === 'Orphan') orphanDependents(registry, uid);
  if (held.length === 0 && resource.kind !== 'Namespace') {
    registry.store.remove(resource, object);
    return undefined;
  }
  if (object.metadata.deletionTimestamp && held.length === finalizers.length) return object;
  const metadata = {
    ...object.metadata,
    deletionTimestamp: object.metadata.deletionTimestamp ?? timestamp(),
    deletionGracePeriodSeconds: 0,
    ...(held.length > 0 && { finalizers: held }),
  };
  const terminating = resource.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {};
  return registry.store.put(resource, { ...object, ...terminating, metadata });
}

function checkPreconditions(
  resource: Resource,
  object: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  const { name, uid, resourceVersion } = object.metadata;
  const fail = (what: string, wanted: string, actual: string, maybe: string) => {
    const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${actual})`;
    return kindConflict(resource, name, `${why}. The object might have been ${maybe}`);
  };
  if (preconditions.uid && preconditions.uid !== uid) {
    throw fail('UID', preconditions.uid, uid, 'deleted and then recreated');
  }
  if (preconditions.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    throw fail('ResourceVersion', preconditions.resourceVersion, resourceVersion, 'modified');
  }
}

function orphanDependents({ store }: Registry, uid: string): void {
  for (const [resource, object] of [...store.all()]) disown(store, resource, object, [uid]);
}

/** Removes the owners with these UIDs from the object. */
export function disown(store: Store, resource: Resource, object: KubeObject, uids: string[]): void {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const rest = ownerReferences.filter((owner) => !uids.includes(owner.uid));
  if (rest.length === ownerReferences.length) return;
  store.put(resource, {
    ...object,
    metadata: { ...metadata, ...(rest.length > 0 && { ownerReferences: rest }) },
  });
}
