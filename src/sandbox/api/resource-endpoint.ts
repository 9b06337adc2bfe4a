import { refuseEscalation } from '../access/escalation.ts';
import type { OriginPolicy } from '../access/origin-policy.ts';
import type { Rbac } from '../access/rbac.ts';
import type { ServiceAccountTokens } from '../access/service-account-tokens.ts';
import type { UserInfo } from '../access/user-info.ts';
import { APPLY, applyConfiguration } from '../apply/apply-request.ts';
import { encodeOwners, ownersAfterUpdate, type Writer } from '../apply/managed-fields.ts';
import { unsupported } from '../field-errors.ts';
import { type Fields, isFields, type KubeObject } from '../objects.ts';
import type { Attributes } from '../request-info.ts';
import type { PodLogs } from '../runner/pod-logs.ts';
import { badRequest, invalid, methodNotAllowed, notFound, pageNotFound, UnknownPath } from '../status.ts';
import { type DeleteOptions, deleteObject, parseDeleteOptions } from '../storage/deletion.ts';
import type { Endpoint, Registry, WriteOptions } from '../storage/registry.ts';
import type { Resource } from '../storage/resources.ts';
import { structureOf } from '../types/structure.ts';
import type { ApiRequest } from './api-request.ts';
import { listPage } from './list.ts';
import { partialList, partialObject, wantsMetadata } from './partial-metadata.ts';
import { applyPatch } from './patch.ts';
import { mediaType, readBody, readObject } from './request-body.ts';
import { send } from './responses.ts';
import { table, wantsTable } from './table.ts';
import { watch } from './watch.ts';

export interface ResourceServices {
  registry: Registry;
  rbac: Rbac;
  tokens: ServiceAccountTokens;
  logs: PodLogs;
  originPolicy: OriginPolicy;
  bookmarkMs: number;
  /** Throws if RBAC does not allow it. */
  authorize: (user: UserInfo, attributes: Attributes) => void;
}

/** The resources whose deletion returns the object; others return a Status. */
const returnedOnDelete = ['pods', 'serviceaccounts'];

/** An authorized request for a resource that the API serves. */
export class ResourceEndpoint {
  readonly #services: ResourceServices;
  readonly #resource: Resource;
  readonly #apiRequest: ApiRequest;
  readonly #namespace: string | undefined;

  constructor(services: ResourceServices, resource: Resource, apiRequest: ApiRequest) {
    this.#services = services;
    this.#resource = resource;
    this.#apiRequest = apiRequest;
    this.#namespace = resource.namespaced ? apiRequest.info.namespace : undefined;
  }

  async respond(): Promise<void> {
    const { verb, subresource, namespace, name } = this.#apiRequest.info;
    const { verbs, subresources, namespaced, schema } = this.#resource;
    if (subresource === 'log' || subresource === 'token') return this.#respondToSubresource(subresource);
    if (subresource && !subresources.includes(subresource)) throw pageNotFound();
    if (namespaced && !namespace && !['list', 'watch'].includes(verb)) {
      throw schema ? new UnknownPath() : methodNotAllowed();
    }
    if (name === undefined && ['update', 'patch'].includes(verb)) {
      throw schema ? badRequest('name must be provided') : methodNotAllowed();
    }
    if (!verbs.includes(verb) || (subresource && !['get', 'update', 'patch'].includes(verb))) {
      throw methodNotAllowed();
    }
    switch (verb) {
      case 'get':
        return this.#sendObject(200, this.#current());
      case 'list':
        return this.#list();
      case 'watch':
        return this.#watch();
      case 'create':
        return this.#create();
      case 'update':
        return this.#update(await readObject(this.#apiRequest.request));
      case 'patch':
        return this.#patch();
      case 'delete':
        return this.#delete();
      default:
        return this.#deleteCollection();
    }
  }

  #current(): KubeObject {
    const { name = '' } = this.#apiRequest.info;
    return this.#services.registry.get(this.#resource, this.#namespace, name);
  }

  #list(): void {
    const { request, response, query } = this.#apiRequest;
    const list = listPage(this.#services.registry, this.#resource, this.#namespace, query);
    const { accept } = request.headers;
    const shown = wantsMetadata(accept, 'list')
      ? partialList(list)
      : wantsTable(accept)
        ? table(this.#resource, list.items, list.metadata as Fields, query.get('includeObject'))
        : list;
    send(response, 200, shown);
  }

  #watch(): void {
    const { request, response, query } = this.#apiRequest;
    const { registry, bookmarkMs } = this.#services;
    // Throws for a media type of lists while the response can still be an error.
    wantsMetadata(request.headers.accept, 'object');
    const represent = (object: KubeObject) => this.#represent(object);
    const [resource, namespace] = [this.#resource, this.#namespace];
    watch(response, { registry, resource, namespace, query, represent, bookmarkMs });
  }

  async #create(): Promise<void> {
    const { request, info } = this.#apiRequest;
    if (info.name !== undefined) throw methodNotAllowed();
    const body = await readObject(request);
    this.#checkAccess(body);
    const { registry } = this.#services;
    this.#sendObject(201, registry.create(this.#resource, this.#namespace, body, this.#writeOptions()));
  }

  async #patch(): Promise<void> {
    const { request, query } = this.#apiRequest;
    if (mediaType(request) === APPLY) return this.#apply(await readObject(request));
    if (query.has('force')) {
      const message = 'Forbidden: may not be specified for non-apply patch';
      const cause = { field: 'force', reason: 'FieldValueForbidden', message };
      throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [cause]);
    }
    const patch = await readBody(request);
    const current = this.#current();
    this.#update(applyPatch(this.#resource, current, mediaType(request), patch), { isPatch: true });
  }

  /** Server-side apply. It creates what does not exist, for whom may create it. */
  #apply(configuration: Fields): void {
    const { info, query } = this.#apiRequest;
    const { registry } = this.#services;
    const { name = '' } = info;
    const live = registry.store.get(this.#resource, this.#namespace, name);
    if (!live && info.subresource) throw notFound(this.#resource, name);
    const endpoint = this.#endpoint();
    const manager = query.get('fieldManager');
    const force = query.get('force') === 'true';
    const resource = this.#resource;
    const request = { resource, name, live, configuration, endpoint, manager, force };
    const { object, owners } = applyConfiguration(request);
    const options = { isPatch: true, manage: () => encodeOwners(owners) };
    if (live) {
      this.#update(object, options);
      return;
    }
    this.#services.authorize(this.#apiRequest.user, { ...info, verb: 'create' });
    this.#checkAccess(object);
    const created = registry.create(resource, this.#namespace, object, {
      ...this.#writeOptions(),
      ...options,
    });
    this.#sendObject(201, created);
  }

  #endpoint(): Endpoint {
    return this.#apiRequest.info.subresource === 'status' ? 'status' : 'main';
  }

  #update(body: Fields, more: WriteOptions = {}): void {
    const { info } = this.#apiRequest;
    const current = this.#current();
    if (!info.subresource) this.#checkAccess(body);
    const endpoint = this.#endpoint();
    const options = { ...this.#writeOptions(), ...more };
    this.#sendObject(200, this.#services.registry.update(this.#resource, current, body, endpoint, options));
  }

  async #delete(): Promise<void> {
    const options = await this.#deleteOptions();
    const current = this.#current();
    const kept = deleteObject(this.#services.registry, this.#resource, current, options);
    const { plural: kind, group } = this.#resource;
    if (kept || returnedOnDelete.includes(kind)) return this.#sendObject(200, kept ?? current);
    const { name, uid } = current.metadata;
    const details = { name, ...(group && { group }), kind, uid };
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
    send(this.#apiRequest.response, 200, status);
  }

  async #deleteCollection(): Promise<void> {
    const { response, query } = this.#apiRequest;
    const options = await this.#deleteOptions();
    const { registry } = this.#services;
    const list = listPage(registry, this.#resource, this.#namespace, query);
    for (const object of list.items) deleteObject(registry, this.#resource, object, options);
    send(response, 200, list);
  }

  async #deleteOptions(): Promise<DeleteOptions> {
    const { request, query } = this.#apiRequest;
    const body = await readBody(request);
    return parseDeleteOptions(isFields(body) ? body : undefined, query);
  }

  async #respondToSubresource(subresource: 'log' | 'token'): Promise<void> {
    const { request, response, info, query } = this.#apiRequest;
    if (!this.#resource.subresources.includes(subresource)) throw pageNotFound();
    if (info.verb !== (subresource === 'log' ? 'get' : 'create')) throw methodNotAllowed();
    if (subresource === 'log') return this.#services.logs.send(response, this.#current(), query);
    const body = await readObject(request);
    send(response, 201, this.#services.tokens.issue(this.#current(), body));
  }

  #checkAccess(body: Fields): void {
    const { rbac } = this.#services;
    const { user } = this.#apiRequest;
    const resource = this.#resource;
    const metadata = { ...(isFields(body.metadata) && body.metadata), namespace: this.#namespace };
    refuseEscalation(rbac, user, resource, { ...body, metadata } as unknown as KubeObject);
  }

  #writeOptions(): WriteOptions {
    const { query, response, user } = this.#apiRequest;
    const { originPolicy } = this.#services;
    const dryRun = query.get('dryRun');
    if (dryRun !== null && dryRun !== 'All') {
      const cause = unsupported('dryRun', [dryRun], ['All']);
      throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [cause]);
    }
    const warn = (message: string) => response.appendHeader('warning', `299 - ${JSON.stringify(message)}`);
    const structure = structureOf(this.#resource);
    const writer = this.#writer();
    return {
      manage: (object, previous) => encodeOwners(ownersAfterUpdate(previous, object, structure, writer)),
      dryRun: dryRun === 'All',
      fieldValidation: query.get('fieldValidation') ?? undefined,
      warn,
      validate: (object, previous) => originPolicy.check(this.#resource, user, object, previous),
    };
  }

  /** Named by the request, or by the first word of its user agent. */
  #writer(): Writer {
    const { request, query, info } = this.#apiRequest;
    const agent = request.headers['user-agent']?.split('/')[0];
    const manager = query.get('fieldManager') || agent || 'unknown';
    return { manager, operation: 'Update', ...(info.subresource && { subresource: info.subresource }) };
  }

  #represent(object: KubeObject): unknown {
    const { request, query } = this.#apiRequest;
    const { accept } = request.headers;
    if (wantsMetadata(accept, 'object')) return partialObject(object);
    if (!wantsTable(accept)) return object;
    const { resourceVersion } = object.metadata;
    return table(this.#resource, [object], { resourceVersion }, query.get('includeObject'));
  }

  #sendObject(status: number, object: KubeObject): void {
    send(this.#apiRequest.response, status, this.#represent(object));
  }
}
