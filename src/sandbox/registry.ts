import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { admitted } from './admission.ts';
import { generatedName, metadataCauses, writableMetadata } from './metadata.ts';
import { type Fields, isFields, type KubeObject, type ObjectMeta, stringAt, timestamp } from './objects.ts';
import { builtInResources, customResource, type Resource } from './resources.ts';
import {
  alreadyExists,
  badRequest,
  type Cause,
  conflict,
  forbidden,
  invalid,
  notFound,
  StatusError,
} from './status.ts';
import type { Store } from './store.ts';

export interface WriteOptions {
  dryRun?: boolean;
  /** A PATCH has no UID as precondition: it may change no UID. */
  isPatch?: boolean;
  /** `Strict`: unknown fields are a 400. */
  fieldValidation?: string | undefined;
  /** Told of the fields that were pruned. */
  warn?: (message: string) => void;
}

/** What is known of a resource's endpoint: the main one, or its status. */
export type Endpoint = 'main' | 'status';

/** The Kubernetes rules of writing: what a create, update or delete makes of an object, whoever asks. */
export class Registry {
  readonly store: Store;
  readonly resources: Resource[];
  readonly #namespaces: Resource;

  constructor(store: Store, crds: KubeObject[]) {
    this.store = store;
    this.resources = [...builtInResources(), ...crds.map(customResource)];
    this.#namespaces = this.resource('', 'namespaces');
    for (const crd of crds) {
      const object = this.#born(
        this.resource('apiextensions.k8s.io', 'customresourcedefinitions'),
        undefined,
        crd,
      );
      const { plural, kind, singular } = customResource(crd);
      store.put(this.resource('apiextensions.k8s.io', 'customresourcedefinitions'), {
        ...object,
        status: {
          acceptedNames: { plural, kind, singular },
          conditions: [{ type: 'Established', status: 'True' }],
        },
      });
    }
  }

  resource(group: string, plural: string): Resource {
    const found = this.resources.find((r) => r.group === group && r.plural === plural);
    if (!found) throw new Error(`the sandbox has no ${plural} in API group "${group}"`);
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
    const object = admitted(resource, this.#born(resource, namespace, body), undefined, options);
    if (resource.subresources.includes('status')) delete object.status;
    if (resource.kind === 'Namespace') object.status = { phase: 'Active' };
    if (resource.kind === 'Pod') object.status = { phase: 'Pending' };
    const { name } = object.metadata;
    if (resource.namespaced) this.#requireLiveNamespace(resource, namespace ?? '', name);
    const existing = this.store.get(resource, namespace, name);
    if (existing) throw alreadyExists(resource, name, existing.metadata.deletionTimestamp !== undefined);
    return options.dryRun ? unstored(object) : this.store.put(resource, object);
  }

  update(
    resource: Resource,
    current: KubeObject,
    body: Fields,
    endpoint: Endpoint,
    options: WriteOptions = {},
  ) {
    const { metadata } = current;
    const given = this.#checkedMetadata(resource, current, body, endpoint, options);
    let next = structuredClone(body) as KubeObject;
    next.metadata = { ...serverOwned(metadata), ...writableMetadata(given) };
    if (endpoint === 'status') {
      const { status } = next;
      next = { ...structuredClone(current), status };
    } else if (resource.subresources.includes('status')) {
      next.status = structuredClone(current.status);
    }
    if (next.status === undefined) delete next.status;
    const object = admitted(resource, next, current, options);
    if (resource.generation && !isDeepStrictEqual(spoken(object), spoken(current))) {
      object.metadata.generation = (metadata.generation ?? 0) + 1;
    }
    if (isDeepStrictEqual(object, current) || options.dryRun) return object;
    const gone = metadata.deletionTimestamp && !object.metadata.finalizers?.length;
    if (!gone || resource.kind === 'Namespace') return this.store.put(resource, object);
    this.store.remove(resource, object);
    return object;
  }

  #born(resource: Resource, namespace: string | undefined, body: Fields): KubeObject {
    requireTypeMeta(resource, body);
    const given = isFields(body.metadata) ? body.metadata : {};
    const generateName = stringAt(given, 'generateName');
    const name = stringAt(given, 'name') || (generateName ? generatedName(generateName) : '');
    if (!name) {
      const message = 'Required value: name or generateName is required';
      throw invalid(resource, '', [{ field: 'metadata.name', reason: 'FieldValueRequired', message }]);
    }
    requireNamespace(given, namespace);
    if (given.resourceVersion) {
      throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
    }
    const metadata: ObjectMeta = {
      name,
      ...(generateName && { generateName }),
      ...(namespace && { namespace }),
      uid: randomUUID(),
      resourceVersion: '',
      creationTimestamp: timestamp(),
      ...(resource.generation && { generation: 1 }),
      ...writableMetadata(given),
    };
    const object = { ...structuredClone(body), ...typeMeta(resource), metadata };
    const causes = metadataCauses(resource, metadata);
    if (causes.length > 0) throw invalid(resource, name, causes);
    return object;
  }

  #checkedMetadata(
    resource: Resource,
    current: KubeObject,
    body: Fields,
    endpoint: Endpoint,
    options: WriteOptions,
  ): Fields {
    requireTypeMeta(resource, body);
    const given = isFields(body.metadata) ? body.metadata : {};
    const { name, namespace, uid, resourceVersion } = current.metadata;
    if (given.name !== name) {
      const wrong = `the name of the object (${given.name}) does not match the name on the URL (${name})`;
      throw badRequest(wrong);
    }
    requireNamespace(given, namespace);
    if (!options.isPatch && given.uid && given.uid !== uid) {
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
      const why =
        'the object has been modified; please apply your changes to the latest version and try again';
      throw conflict(resource, name, why);
    }
    // The status of a custom resource takes nothing from metadata, not even a UID that is wrong.
    if (endpoint === 'status' && resource.schema) return given;
    const causes = [
      ...immutableCauses(current.metadata, given),
      ...metadataCauses(resource, { ...current.metadata, ...writableMetadata(given) }),
    ];
    if (causes.length > 0) throw invalid(resource, name, causes);
    return given;
  }

  #requireLiveNamespace(resource: Resource, namespace: string, name: string): void {
    const { metadata } = this.get(this.#namespaces, undefined, namespace);
    if (!metadata.deletionTimestamp) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `namespace ${namespace} is being terminated`;
    throw forbidden(resource, name, why, [
      { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
    ]);
  }
}

export function typeMeta({ group, version, kind }: Resource): { apiVersion: string; kind: string } {
  return { apiVersion: group ? `${group}/${version}` : version, kind };
}

/** Of a custom resource both fields are required. */
function requireTypeMeta(resource: Resource, body: Fields): void {
  const expected = typeMeta(resource);
  const missing = resource.schema && (body.kind ? !body.apiVersion && 'apiVersion' : 'Kind');
  if (missing) {
    const shown = JSON.stringify(body);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object '${missing}' is missing in '${shown}'`,
    );
  }
  if ((body.apiVersion ?? expected.apiVersion) !== expected.apiVersion) {
    const theirs = `the API version in the data (${body.apiVersion})`;
    throw badRequest(`${theirs} does not match the expected API version (${expected.apiVersion})`);
  }
  if (resource.schema && body.kind !== expected.kind) {
    const kind = String(body.kind);
    const message = `Invalid value: "${kind}": must be ${expected.kind}`;
    const name = stringAt(body, 'metadata', 'name') ?? '';
    throw invalid({ ...resource, kind }, name, [{ field: 'kind', reason: 'FieldValueInvalid', message }]);
  }
  if ((body.kind ?? expected.kind) !== expected.kind) {
    throw badRequest(
      `the kind in the data (${body.kind}) does not match the expected kind (${expected.kind})`,
    );
  }
  body.apiVersion = expected.apiVersion;
  body.kind = expected.kind;
}

function requireNamespace(given: Fields, namespace: string | undefined): void {
  if (given.namespace && given.namespace !== namespace) {
    const why = 'the namespace of the provided object does not match the namespace sent on the request';
    throw badRequest(why);
  }
}

/** As it is answered to a dry run. */
function unstored(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ObjectMeta };
}

function immutableCauses(current: ObjectMeta, given: Fields): Cause[] {
  const changed = (['uid', 'deletionTimestamp'] as const).filter(
    (field) => given[field] && given[field] !== current[field],
  );
  const causes: Cause[] = changed.map((field) => ({
    field: `metadata.${field}`,
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(given[field])}: field is immutable`,
  }));
  const { finalizers = [] } = writableMetadata(given);
  const added = finalizers.filter((finalizer) => !current.finalizers?.includes(finalizer));
  if (!current.deletionTimestamp || added.length === 0) return causes;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`;
  return [...causes, { field: 'metadata.finalizers', reason: 'FieldValueForbidden', message }];
}

/** What no update changes. */
function serverOwned(metadata: ObjectMeta): ObjectMeta {
  const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...owned } = metadata;
  return owned;
}

/** What metadata.generation counts: all but metadata and status. */
function spoken({ metadata: _m, status: _s, ...rest }: KubeObject): Fields {
  return rest;
}
