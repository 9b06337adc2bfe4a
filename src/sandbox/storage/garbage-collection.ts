import type { KubeObject, OwnerReference } from '../objects.ts';
import { deleteObject, disown } from './deletion.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resources.ts';
import type { StoreEvent } from './store.ts';
import { typeMeta } from './type-meta.ts';

/**
 * Deletes objects whose owners no longer exist, completes foreground deletions and empties namespaces that are being
 * deleted, `delayMs` after a relevant change. Returns the function that stops it.
 */
export function startGarbageCollection(registry: Registry, delayMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kinds = new Set(registry.resources.map((resource) => kindOf(typeMeta(resource))));
  /** Whether an owner of a kind that is not served exists cannot be known, so its dependents are kept. */
  const hasKnownOwners = ({ metadata }: KubeObject) =>
    metadata.ownerReferences?.every((owner) => kinds.has(kindOf(owner))) ?? true;

  function sweep(): void {
    timer = undefined;
    const objects = new Map([...registry.store.all()].map((entry) => [entry[1].metadata.uid, entry]));
    for (const [resource, object] of objects.values()) {
      if (!hasKnownOwners(object)) continue;
      if (isGarbage(object, objects))
        deleteObject(registry, resource, object, { propagationPolicy: 'Background' });
      else disown(registry.store, resource, object, absentOwners(object, objects));
    }
    for (const [resource, object] of objects.values()) {
      if (resource.kind === 'Namespace' && object.metadata.deletionTimestamp)
        finishNamespace(registry, object);
      else if (isInForegroundDeletion(object)) finishForeground(registry, resource, object);
    }
  }

  const unsubscribe = registry.store.subscribe((event) => {
    if (timer === undefined && isRelevant(event)) timer = setTimeout(sweep, delayMs);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

function kindOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion} ${kind}`;
}

type Objects = Map<string, [Resource, KubeObject]>;

function isRelevant({ type, object }: StoreEvent): boolean {
  const { ownerReferences, deletionTimestamp } = object.metadata;
  return type === 'DELETED' || !!ownerReferences?.length || !!deletionTimestamp;
}

function isInForegroundDeletion({ metadata }: KubeObject): boolean {
  return !!metadata.deletionTimestamp && !!metadata.finalizers?.includes('foregroundDeletion');
}

/** Whether no owner exists, or the foreground deletion of one waits for this object. */
function isGarbage(object: KubeObject, objects: Objects): boolean {
  const { ownerReferences = [], deletionTimestamp } = object.metadata;
  if (ownerReferences.length === 0 || deletionTimestamp) return false;
  const owners = ownerReferences.map((reference) => ownerOf(object, reference, objects));
  const waiting = owners.some((owner) => owner && isInForegroundDeletion(owner));
  return waiting || owners.every((owner) => owner === undefined);
}

/** The UIDs of owners that no longer exist. */
function absentOwners(object: KubeObject, objects: Objects): string[] {
  if (object.metadata.deletionTimestamp) return [];
  const { ownerReferences = [] } = object.metadata;
  return ownerReferences.filter((ref) => !ownerOf(object, ref, objects)).map(({ uid }) => uid);
}

/** The owner in the object's namespace or at cluster scope; one in another namespace counts as absent. */
function ownerOf(
  object: KubeObject,
  { uid, kind, name }: OwnerReference,
  objects: Objects,
): KubeObject | undefined {
  const owner = objects.get(uid)?.[1];
  if (!owner || owner.kind !== kind || owner.metadata.name !== name) return undefined;
  const { namespace } = owner.metadata;
  return namespace === undefined || namespace === object.metadata.namespace ? owner : undefined;
}

function finishForeground(registry: Registry, resource: Resource, owner: KubeObject): void {
  const { uid, namespace, name, finalizers = [] } = owner.metadata;
  for (const [, object] of registry.store.all()) {
    const blocks = object.metadata.ownerReferences?.some((ref) => ref.uid === uid && ref.blockOwnerDeletion);
    if (blocks) return;
  }
  const current = registry.store.get(resource, namespace, name);
  if (current?.metadata.uid !== uid) return;
  const rest = finalizers.filter((finalizer) => finalizer !== 'foregroundDeletion');
  const freed = { ...current, metadata: { ...current.metadata, finalizers: rest } };
  if (rest.length > 0) registry.store.put(resource, freed);
  else registry.store.remove(resource, freed);
}

function finishNamespace(registry: Registry, namespace: KubeObject): void {
  const { name, finalizers = [] } = namespace.metadata;
  const contents = () => [...registry.store.all()].filter(([, object]) => object.metadata.namespace === name);
  for (const [resource, object] of contents()) {
    if (!object.metadata.deletionTimestamp) {
      deleteObject(registry, resource, object, { propagationPolicy: 'Background' });
    }
  }
  if (contents().length === 0 && finalizers.length === 0) {
    registry.store.remove(registry.resource('', 'namespaces'), namespace);
  }
}
