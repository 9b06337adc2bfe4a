import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Cause, immutable, required } from '../field-errors.ts';
import { type Fields, isFields, type KubeObject, type ObjectMeta, stringAt, timestamp } from '../objects.ts';
import { alreadyExists, badRequest, conflict, forbidden, invalid, notFound, StatusError } from '../status.ts';
import { type AdmissionOptions, admit } from './admission.ts';
import { generatedName, metadataCauses, writableMetadata } from './metadata.ts';
import { builtInResources, customResource, type Resource } from './resources.ts';
import type { Store } from './store.ts';
import { requireNamespace, requireTypeMeta, typeMeta } from './type-meta.ts';

export interface WriteOptions extends AdmissionOptions {
  dryRun?: boolean;
  /** Another UID in a patch is a change of an immutable field; in a PUT it is a failed precondition. */
  isPatch?: boolean;
  /** Admission of the object as it would be stored; throws to refuse it. */
  validate?: (object: KubeObject, previous: KubeObject | undefined) => void;
  /** The managedFields of the object as it will be stored. */
  manage?: (object: KubeObject, previous: KubeObject | undefined) => Fields[];
  /** The UID of a new object, instead of a random one. */
  uid?: string | undefined;
}

/** What an update writes: all but the status, or the status alone. */
export type Endpoint = 'main' | 'status';

/** The rules of the Kubernetes API for creating and updating objects, independent of the user. */
export class Registry {
  readonly store: Store;
  readonly resources: Resource[];
  readonly #namespaces: Resource;

  constructor(store: Store, crds: KubeObject[]) {
    this.store = store;
    this.resources = builtInResources();
    this.#namespaces = this.resource('', 'namespaces');
    const definitions = this.resource('apiextensions.k8s.io', 'customresourcedefinitions');
    for (const crd of crds) {
      const resource = customResource(crd);
      this.resources.push(resource);
      const { plural, kind, singular } = resource;
      const conditions = [{ type: 'Established', status: 'True' }];
      const status = { acceptedNames: { plural, kind, singular }, conditions };
      store.put(definitions, { ...newObject(definitions, undefined, crd), status });
    }
  }

  resource(group: string, plural: string): Resource {
    const found = this.resources.find((r) => r.group === group && r.plural === plural);
    if (!found) throw new Error(`the sandbox does not serve ${plural} in API group "${group}"`);
    return found;
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject {
    const found = this.store.get(resource, namespace, name);
    if (!found) throw notFound(resource, name);
    return found;
  }

  create(
    resource: Resource,
    namespace: string | undefined,
    body: Fields,
    options: WriteOptions = {},
  ): KubeObject {
    const object = newObject(resource, namespace, body, options.uid);
    admit(resource, object, undefined, options);
    if (resource.subresources.includes('status')) delete object.status;
    if (resource.kind === 'Namespace') object.status = { phase: 'Active' };
    if (resource.kind === 'Pod') object.status = { phase: 'Pending' };
    options.validate?.(object, undefined);
    const { name } = object.metadata;
    if (resource.namespaced) this.#requireActiveNamespace(resource, namespace ?? '', name);
    const existing = this.store.get(resource, namespace, name);
    if (existing) throw alreadyExists(resource, name, existing.metadata.deletionTimestamp !== undefined);
    setManagedFields(object, undefined, options);
    return options.dryRun ? withoutResourceVersion(object) : this.store.put(resource, object);
  }

  update(
    resource: Resource,
    current: KubeObject,
    body: Fields,
    endpoint: Endpoint,
    options: WriteOptions = {},
  ): KubeObject {
    const { metadata } = current;
    const given = checkedMetadata(resource, current, body, endpoint, options);
    let object = structuredClone(body) as KubeObject;
    object.metadata = { ...serverOwned(metadata), ...writableMetadata(given) };
    if (Array.isArray(given.managedFields)) object.metadata.managedFields = given.managedFields;
    if (endpoint === 'status') {
      const { status } = object;
      object = { ...structuredClone(current), status };
    } else if (resource.subresources.includes('status')) {
      object.status = structuredClone(current.status);
    }
    if (object.status === undefined) delete object.status;
    admit(resource, object, current, options);
    if (endpoint === 'main') options.validate?.(object, current);
    if (resource.generation && !isDeepStrictEqual(desiredState(object), desiredState(current))) {
      object.metadata.generation = (metadata.generation ?? 0) + 1;
    }
    setManagedFields(object, current, options);
    if (isDeepStrictEqual(object, current) || options.dryRun) return object;
    const isFinalized = metadata.deletionTimestamp && !object.metadata.finalizers?.length;
    if (!isFinalized || resource.kind === 'Namespace') return this.store.put(resource, object);
    this.store.remove(resource, object);
    return object;
  }

  #requireActiveNamespace(resource: Resource, namespace: string, name: string): void {
    const { metadata } = this.get(this.#namespaces, undefined, namespace);
    if (!metadata.deletionTimestamp) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `namespace ${namespace} is being terminated`;
    throw forbidden(resource, name, why, [
      { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
    ]);
  }
}

function setManagedFields(
  { metadata, ...rest }: KubeObject,
  previous: KubeObject | undefined,
  { manage }: WriteOptions,
): void {
  const managedFields = manage?.({ metadata, ...rest } as KubeObject, previous);
  if (managedFields?.length) metadata.managedFields = managedFields;
  else if (managedFields) delete metadata.managedFields;
}

/** The object of a create, with a new UID and valid metadata. */
function newObject(
  resource: Resource,
  namespace: string | undefined,
  body: Fields,
  uid: string = randomUUID(),
): KubeObject {
  requireTypeMeta(resource, body);
  const given = isFields(body.metadata) ? body.metadata : {};
  const generateName = stringAt(given, 'generateName');
  const name = stringAt(given, 'name') || (generateName ? generatedName(generateName) : '');
  if (!name) throw invalid(resource, '', [required('metadata.name', 'name or generateName is required')]);
  requireNamespace(given, namespace);
  if (given.resourceVersion) {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const metadata: ObjectMeta = {
    name,
    ...(generateName && { generateName }),
    ...(namespace && { namespace }),
    uid,
    resourceVersion: '',
    creationTimestamp: timestamp(),
    ...(resource.generation && { generation: 1 }),
    ...writableMetadata(given),
  };
  const causes = metadataCauses(resource, metadata);
  if (causes.length > 0) throw invalid(resource, name, causes);
  return { ...structuredClone(body), ...typeMeta(resource), metadata };
}

/** The metadata of an update's body, after its preconditions and rules. */
function checkedMetadata(
  resource: Resource,
  current: KubeObject,
  body: Fields,
  endpoint: Endpoint,
  { isPatch }: WriteOptions,
): Fields {
  requireTypeMeta(resource, body);
  const given = isFields(body.metadata) ? body.metadata : {};
  const { name, namespace, uid, resourceVersion } = current.metadata;
  if (given.name !== name) {
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
  }
  requireNamespace(given, namespace);
  if (!isPatch && given.uid && given.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid}`;
    throw conflict(resource, name, why);
  }
  if (!given.resourceVersion && resource.schema) {
    const message = 'Invalid value: 0x0: must be specified for an update';
    throw invalid(resource, name, [
      { field: 'metadata.resourceVersion', reason: 'FieldValueInvalid', message },
    ]);
  }
  if (given.resourceVersion && given.resourceVersion !== resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(resource, name, why);
  }
  // A status update of a custom resource ignores all other metadata, even a wrong UID.
  if (endpoint === 'status' && resource.schema) return given;
  const causes = [
    ...immutableCauses(current.metadata, given),
    ...metadataCauses(resource, { ...current.metadata, ...writableMetadata(given) }),
  ];
  if (causes.length > 0) throw invalid(resource, name, causes);
  return given;
}

function immutableCauses(current: ObjectMeta, given: Fields): Cause[] {
  const causes = (['uid', 'deletionTimestamp'] as const)
    .filter((field) => given[field] && given[field] !== current[field])
    .map((field) => immutable(`metadata.${field}`, given[field]));
  const { finalizers = [] } = writableMetadata(given);
  const added = finalizers.filter((finalizer) => !current.finalizers?.includes(finalizer));
  if (!current.deletionTimestamp || added.length === 0) return causes;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`;
  return [...causes, { field: 'metadata.finalizers', reason: 'FieldValueForbidden', message }];
}

/** The metadata that no update changes. */
function serverOwned(metadata: ObjectMeta): ObjectMeta {
  const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...owned } = metadata;
  return owned;
}

/** The fields that metadata.generation counts. */
function desiredState({ metadata: _m, status: _s, ...rest }: KubeObject): Fields {
  return rest;
}

/** The response to a dry-run create. */
function withoutResourceVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ObjectMeta };
}
