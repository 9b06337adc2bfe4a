import type { ApiDependencies, Exchange } from './api.ts';
import { deleteObject, parseDeleteOptions } from './deletion.ts';
import { refuseEscalation } from './escalation.ts';
import { listPage } from './list.ts';
import { type Fields, isFields, type KubeObject } from './objects.ts';
import { refuseOwners } from './owner-admission.ts';
import { partialList, partialObject, wantsMetadata } from './partial-metadata.ts';
import { patched } from './patch.ts';
import type { Endpoint, WriteOptions } from './registry.ts';
import { mediaType, readBody, readObject } from './request-body.ts';
import type { Resource } from './resources.ts';
import { send } from './responses.ts';
import { badRequest, invalid, methodNotAllowed, pageNotFound, UnknownPath } from './status.ts';
import { table, wantsTable } from './table.ts';
import { watch } from './watch.ts';

/** Whose deletion is answered with the object, where others have a Status. */
const answeredWhole = ['pods', 'serviceaccounts'];

/** An authorized request on a resource that is served. */
export class ResourceEndpoint {
  readonly #api: ApiDependencies;
  readonly #resource: Resource;
  readonly #exchange: Exchange;
  readonly #namespace: string | undefined;

  constructor(api: ApiDependencies, resource: Resource, exchange: Exchange) {
    this.#api = api;
    this.#resource = resource;
    this.#exchange = exchange;
    this.#namespace = resource.namespaced ? exchange.info.namespace : undefined;
  }

  async answer(): Promise<void> {
    const { verb, subresource, namespace, name } = this.#exchange.info;
    const { verbs, subresources, namespaced, schema } = this.#resource;
    if (subresource === 'log' || subresource === 'token') return this.#answerSubresource(subresource);
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
        return this.#update(await readObject(this.#exchange.request));
      case 'patch':
        return this.#patch();
      case 'delete':
        return this.#delete();
      default:
        return this.#deleteCollection();
    }
  }

  #current(): KubeObject {
    const { name = '' } = this.#exchange.info;
    return this.#api.registry.get(this.#resource, this.#namespace, name);
  }

  #list(): void {
    const { request, response, query } = this.#exchange;
    const list = listPage(this.#api.registry, this.#resource, this.#namespace, query);
    const { accept } = request.headers;
    const shown = wantsMetadata(accept, 'list')
      ? partialList(list)
      : wantsTable(accept)
        ? table(this.#resource, list.items, list.metadata as Fields, query.get('includeObject'))
        : list;
    send(response, 200, shown);
  }

  #watch(): void {
    const { request, response, query } = this.#exchange;
    const { registry, bookmarkMs } = this.#api;
    // Refused before anything is sent.
    wantsMetadata(request.headers.accept, 'object');
    const represent = (object: KubeObject) => this.#represent(object);
    watch(response, {
      registry,
      resource: this.#resource,
      namespace: this.#namespace,
      query,
      represent,
      bookmarkMs,
    });
  }

  async #create(): Promise<void> {
    const { request, info } = this.#exchange;
    if (info.name !== undefined) throw methodNotAllowed();
    const body = await readObject(request);
    this.#refuseEscalation(body);
    this.#refuseOwners(body);
    this.#sendObject(
      201,
      this.#api.registry.create(this.#resource, this.#namespace, body, this.#writeOptions()),
    );
  }

  async #patch(): Promise<void> {
    const { request } = this.#exchange;
    const patch = await readBody(request);
    const current = this.#current();
    this.#update(patched(this.#resource, current, mediaType(request), patch), true);
  }

  #update(body: Fields, isPatch = false): void {
    const { info } = this.#exchange;
    const current = this.#current();
    if (!info.subresource) {
      this.#refuseEscalation(body);
      this.#refuseOwners(body, current);
    }
    const endpoint: Endpoint = info.subresource === 'status' ? 'status' : 'main';
    const options = { ...this.#writeOptions(), isPatch };
    this.#sendObject(200, this.#api.registry.update(this.#resource, current, body, endpoint, options));
  }

  async #delete(): Promise<void> {
    const { request, response, query } = this.#exchange;
    const body = await readBody(request);
    const options = parseDeleteOptions(isFields(body) ? body : undefined, query);
    const current = this.#current();
    const held = deleteObject(this.#api.registry, this.#resource, current, options);
    const { plural: kind, group } = this.#resource;
    if (held || answeredWhole.includes(kind)) return this.#sendObject(200, held ?? current);
    const { name, uid } = current.metadata;
    const details = { name, ...(group && { group }), kind, uid };
    send(response, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
  }

  async #deleteCollection(): Promise<void> {
    const { request, response, query } = this.#exchange;
    const body = await readBody(request);
    const options = parseDeleteOptions(isFields(body) ? body : undefined, query);
    const list = listPage(this.#api.registry, this.#resource, this.#namespace, query);
    for (const object of list.items) deleteObject(this.#api.registry, this.#resource, object, options);
    send(response, 200, list);
  }

  async #answerSubresource(subresource: 'log' | 'token'): Promise<void> {
    const { request, response, info, query } = this.#exchange;
    if (!this.#resource.subresources.includes(subresource)) throw pageNotFound();
    if (info.verb !== (subresource === 'log' ? 'get' : 'create')) throw methodNotAllowed();
    if (subresource === 'log') return this.#api.logs.send(response, this.#current(), query);
    const body = await readObject(request);
    send(response, 201, this.#api.tokens.issue(this.#current(), body));
  }

  #refuseEscalation(body: Fields): void {
    const metadata = { ...(isFields(body.metadata) && body.metadata), namespace: this.#namespace };
    const object = { ...body, metadata } as unknown as KubeObject;
    refuseEscalation(this.#api.rbac, this.#exchange.user, this.#resource, object);
  }

  #refuseOwners(body: Fields, current?: KubeObject): void {
    refuseOwners(this.#api, this.#exchange, this.#resource, body, current);
  }

  #writeOptions(): WriteOptions {
    const { query, response } = this.#exchange;
    const dryRun = query.get('dryRun');
    if (dryRun !== null && dryRun !== 'All') {
      const message = `Unsupported value: ["${dryRun}"]: supported values: "All"`;
      throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'CreateOptions' }, '', [
        { field: 'dryRun', reason: 'FieldValueNotSupported', message },
      ]);
    }
    const warn = (message: string) => response.appendHeader('warning', `299 - ${JSON.stringify(message)}`);
    return { dryRun: dryRun === 'All', fieldValidation: query.get('fieldValidation') ?? undefined, warn };
  }

  #represent(object: KubeObject): unknown {
    const { request, query } = this.#exchange;
    const { accept } = request.headers;
    if (wantsMetadata(accept, 'object')) return partialObject(object);
    if (!wantsTable(accept)) return object;
    const { resourceVersion } = object.metadata;
    return table(this.#resource, [object], { resourceVersion }, query.get('includeObject'));
  }

  #sendObject(status: number, object: KubeObject): void {
    send(this.#exchange.response, status, this.#represent(object));
  }
}
