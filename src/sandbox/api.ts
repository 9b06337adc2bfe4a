import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authentication } from './authentication.ts';
import { discovery } from './discovery.ts';
import type { PodLogs } from './pod-logs.ts';
import type { Attributes, Rbac, UserInfo } from './rbac.ts';
import type { Registry } from './registry.ts';
import { readObject } from './request-body.ts';
import { type RequestInfo, requestInfo } from './request-info.ts';
import { ResourceEndpoint } from './resource-endpoint.ts';
import { send, sendDocument, sendError } from './responses.ts';
import { answerReview, reviews } from './reviews.ts';
import type { RecordedRequest } from './sandbox.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { forbidden, methodNotAllowed, pageNotFound, StatusError, UnknownPath } from './status.ts';

export interface ApiDependencies {
  registry: Registry;
  rbac: Rbac;
  authentication: Authentication;
  tokens: ServiceAccountTokens;
  logs: PodLogs;
  bookmarkMs: number;
  /** Every request goes here, refused ones too. */
  requests: RecordedRequest[];
}

/** One request and what is known about it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  info: RequestInfo;
  user: UserInfo;
}

const requestsKept = 10_000;

/** Authentication, authorization, dispatch: the way of every request through the API. */
export function createApi(dependencies: ApiDependencies) {
  const { registry, rbac, authentication, requests } = dependencies;
  const reviewKinds = reviews(rbac, authentication);

  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = recordOf(request);
    requests.push(record);
    if (requests.length > requestsKept * 2) requests.splice(0, requestsKept);
    response.setHeader('audit-id', record.auditId);
    // A client that goes away in the middle of a stream is no error.
    response.on('error', () => {});
    // The status is known to `requests` before the client can see it, also where the response is a stream.
    const { writeHead } = response;
    response.writeHead = function recording(this: ServerResponse, status: number, ...rest: never[]) {
      record.status = status;
      return writeHead.call(this, status, ...rest);
    } as typeof writeHead;
    try {
      await answer(request, response, record);
    } catch (error) {
      sendError(response, error);
    }
  };

  async function answer(request: IncomingMessage, response: ServerResponse, record: RecordedRequest) {
    const target = request.url ?? '/';
    const url = new URL(target.split('?')[1] ? `?${target.split('?')[1]}` : '', 'https://sandbox/');
    const info = requestInfo(request.method ?? 'GET', url, target.split('?')[0] ?? '/');
    Object.assign(record, recordedInfo(info));
    const user = authentication.user(request.headers.authorization);
    record.user = user.username;
    authorize(user, info, request);
    if (!isResourceRequest(info)) {
      sendDocument(response, discovery(registry.resources, info.path ?? '/'));
      return;
    }
    const exchange: Exchange = { request, response, query: url.searchParams, info, user };
    const asked = reviewKinds.get(`${info.resource}.${info.group}`);
    if (asked) {
      if (info.verb !== 'create') throw methodNotAllowed();
      const answer = answerReview(asked.kind, asked.review, info.group, user, await readObject(request));
      record.body = answer;
      send(response, 201, answer);
      return;
    }
    const { group, version, resource: plural } = info;
    const resource = registry.resources.find(
      (r) => r.group === group && r.version === version && r.plural === plural,
    );
    if (!resource) {
      const isBuiltIn = registry.resources.some((r) => r.group === group && !r.schema);
      throw isBuiltIn ? pageNotFound() : new UnknownPath();
    }
    await new ResourceEndpoint(dependencies, resource, exchange).answer();
  }

  function authorize(user: UserInfo, info: Attributes, request: IncomingMessage): void {
    const impersonated = request.headers['impersonate-user'];
    if (impersonated !== undefined) {
      const why = `User "${user.username}" cannot impersonate resource "users" in API group "" at the cluster scope`;
      throw forbidden({ group: '', plural: 'users' }, String(impersonated), why);
    }
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

function recordOf(request: IncomingMessage): RecordedRequest & { auditId: string } {
  const auditId = String(request.headers['audit-id'] ?? randomUUID());
  const { accept, 'user-agent': userAgent } = request.headers;
  return {
    at: Date.now(),
    user: '',
    method: request.method ?? '',
    path: request.url ?? '',
    verb: '',
    group: '',
    resource: '',
    status: 0,
    auditId,
    ...(userAgent && { userAgent }),
    ...(accept && { accept }),
  };
}

function recordedInfo(info: Attributes): Partial<RecordedRequest> {
  const { verb, group = '', resource = '', subresource, namespace, name } = info;
  return {
    verb,
    group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}
