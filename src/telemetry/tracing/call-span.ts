import type { Attributes } from '@opentelemetry/api';
import type { CallOutcome, SentCall } from '../../kubernetes/call-observer.ts';

/** The part of a path that has no input of users: `/api/v1` or `/apis/<group>/<version>`. */
const API_VERSION = /^\/(?:api\/[^/?]+|apis\/[^/?]+\/[^/?]+)/;

/** Such as "list agenticsessions". */
export function nameOfCall({ attributes: { verb, resource, subresource } }: SentCall): string {
  return `${verb} ${resource}${subresource ? `/${subresource}` : ''}`;
}

/** What is known before the call is sent. The names of its objects, its query and its body can be what users have typed. */
export function attributesOfCall(call: SentCall): Attributes {
  const { auditId, identity, method, attributes } = call;
  const { verb, group, resource, subresource } = attributes;
  return {
    'http.request.method': method,
    'url.template': templateOf(call),
    'writ.kubernetes.verb': verb,
    'writ.kubernetes.group': group,
    'writ.kubernetes.resource': subresource ? `${resource}/${subresource}` : resource,
    'writ.kubernetes.identity': identity,
    'writ.kubernetes.audit_id': auditId,
  };
}

export function attributesOfOutcome({ attributes }: SentCall, outcome: CallOutcome): Attributes {
  const { statusCode, errorType, responseBytes } = outcome;
  const isSuccess = statusCode !== undefined && statusCode < 300;
  const problem = errorType ?? (statusCode !== undefined && statusCode >= 400 ? `${statusCode}` : undefined);
  return {
    ...(statusCode !== undefined && { 'http.response.status_code': statusCode }),
    ...(responseBytes !== undefined && { 'http.response.body.size': responseBytes }),
    ...(problem !== undefined && { 'error.type': problem }),
    // Before the API server has accepted it, it is only what a user has typed.
    ...(isSuccess && attributes.namespace && { 'k8s.namespace.name': attributes.namespace }),
  };
}

/** Whether the call has failed. That an object does not exist is an answer. */
export function isFailure(
  { attributes: { verb } }: SentCall,
  { statusCode, errorType }: CallOutcome,
): boolean {
  if (errorType !== undefined || statusCode === undefined) return true;
  return statusCode >= 400 && !(statusCode === 404 && verb === 'get');
}

/** The path, with placeholders. */
function templateOf({ path, attributes: { resource, namespace, name, subresource } }: SentCall): string {
  const [version = ''] = API_VERSION.exec(path) ?? [];
  // Discovery: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
  if (resource === 'apiresources') return version;
  const segments = [version, ...(namespace ? ['namespaces/{namespace}'] : []), resource];
  if (name) segments.push('{name}');
  if (subresource) segments.push(subresource);
  return segments.join('/');
}
