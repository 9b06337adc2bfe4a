import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authentication } from '../access/authentication.ts';
import { effectiveUser } from '../access/impersonation.ts';
import type { UserInfo } from '../access/user-info.ts';
import { type Attributes, type RequestInfo, requestInfo } from '../request-info.ts';
import { forbidden, methodNotAllowed, pageNotFound, StatusError, UnknownPath } from '../status.ts';
import { discovery } from './discovery.ts';
import { type RecordedRequest, recordRequest } from './recorded-request.ts';
import { readObject } from './request-body.ts';
import { ResourceEndpoint, type ResourceServices } from './resource-endpoint.ts';
import { send, sendDocument, sendError } from './responses.ts';
import { review, reviewKinds } from './reviews.ts';

export interface ApiServices extends Omit<ResourceServices, 'authorize'> {
  authentication: Authentication;
  /** Receives every request, refused ones included. */
  requests: RecordedRequest[];
}

const requestsKept = 10_000;

/** Authenticates, authorizes and dispatches every request to the API. */
export function createApi(services: ApiServices) {
  const { registry, rbac, authentication, requests } = services;
  const reviews = reviewKinds(rbac, authentication);

  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = recordRequest(request);
    requests.push(record);
    if (requests.length > requestsKept * 2) requests.splice(0, requestsKept);
    response.setHeader('audit-id', record.auditId);
    // A client that disconnects in the middle of a stream is not an error.
    response.on('error', () => {});
    // `requests` has the status before the client can see it, even if the response is a stream.
    const { writeHead } = response;
    response.writeHead = function recording(this: ServerResponse, status: number, ...rest: never[]) {
      record.status = status;
      record.respondedAt = performance.now();
      return writeHead.call(this, status, ...rest);
    } as typeof writeHead;
    try {
      await respond(request, response, record);
    } catch (error) {
      sendError(response, error);
    }
  };

  async function respond(request: IncomingMessage, response: ServerResponse, record: RecordedRequest) {
    const [path = '/', search = ''] = (request.url ?? '/').split('?');
    const url = new URL(`?${search}`, 'https://sandbox/');
    const info = requestInfo(request.method ?? 'GET', url, path);
    const { path: _path, version: _version, ...recorded } = info;
    Object.assign(record, recorded);
    const sender = authentication.user(request.headers.authorization);
    record.user = sender.username;
    const user = effectiveUser(sender, request, authorize);
    authorize(user, info);
    if (!isResourceRequest(info)) {
      sendDocument(response, discovery(registry.resources, info.path ?? '/'));
      return;
    }
    const { group, version, resource: plural } = info;
    const reviewed = reviews.find((each) => each.group === group && `${each.kind.toLowerCase()}s` === plural);
    if (reviewed) {
      if (info.verb !== 'create') throw methodNotAllowed();
      record.body = review(reviewed, user, await readObject(request), info.namespace);
      send(response, 201, record.body);
      return;
    }
    const resource = registry.resources.find(
      (r) => r.group === group && r.version === version && r.plural === plural,
    );
    if (!resource) {
      const isBuiltIn = registry.resources.some((r) => r.group === group && !r.schema);
      throw isBuiltIn ? pageNotFound() : new UnknownPath();
    }
    const apiRequest = { request, response, query: url.searchParams, info, user };
    await new ResourceEndpoint({ ...services, authorize }, resource, apiRequest).respond();
  }

  function authorize(user: UserInfo, info: Attributes): void {
    if (rbac.allows(user, info)) return;
    const { verb, group = '', resource = '', subresource, namespace, name = '' } = info;
    if (info.path !== undefined) {
      const message = `forbidden: User "${user.username}" cannot ${verb} path "${info.path}"`;
      throw new StatusError(403, 'Forbidden', message, {});
    }
    const what = `"${resource}${subresource ? `/${subresource}` : ''}" in API group "${group}"`;
    const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
    const why = `User "${user.username}" cannot ${verb} resource ${what} ${where}`;
    throw forbidden({ group, plural: resource }, name, why);
  }
}

function isResourceRequest(info: Attributes): info is RequestInfo {
  return info.path === undefined;
}
