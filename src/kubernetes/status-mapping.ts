import {
  BadUserInput,
  Conflict,
  Expired,
  type FieldError,
  Forbidden,
  Internal,
  NotFound,
  Timeout,
  TooManyRequests,
  Unauthenticated,
  Unavailable,
  type WritError,
} from '../errors.ts';
import { describeAttributes, type ResourceAttributes } from './resource-attributes.ts';
import { causesOf, type KubernetesStatus, knownReason } from './status.ts';

/** Whose credentials a call has. The API server's messages about the backend's calls are not shown to clients. */
export type CallIdentity = 'user' | 'backend';

/** A call that the API server has rejected. */
export interface FailedCall {
  statusCode: number;
  status: KubernetesStatus;
  attributes: ResourceAttributes;
  identity: CallIdentity;
}

/** The error that a client sees for a call that the API server has rejected. */
export function statusToWritError({ statusCode, status, attributes, identity }: FailedCall): WritError {
  const call = describeAttributes(attributes);
  const causes = identity === 'user' ? userCauses(status) : undefined;
  const kubernetes = {
    kubernetes: { code: statusCode, reason: knownReason(status), ...(causes && { causes }) },
  };
  switch (statusCode) {
    case 401:
      return identity === 'user'
        ? new Unauthenticated('The cluster did not accept the token')
        : new Unavailable("The cluster did not accept Writ's own credentials");
    case 403:
      return forbidden(attributes, identity);
    case 404:
      return new NotFound(`Not found: ${call}`, kubernetes);
    case 409:
      return new Conflict(`Conflict: ${call}`, kubernetes);
    case 410:
      return new Expired(`Expired: ${call}`, kubernetes);
    case 422:
      // A patch had a UID as its precondition, and another object has the name by now.
      if (causesOf(status).some(({ field }) => field === 'metadata.uid')) {
        return new Conflict(`Conflict: ${call}`, kubernetes);
      }
      return new BadUserInput(fieldErrors(status, call, identity), kubernetes);
    case 400:
    case 413:
      return new BadUserInput(fieldErrors(status, call, identity), kubernetes);
    case 429:
      return new TooManyRequests('The cluster is limiting requests: try again later', {
        retryAfterSeconds: retryAfterSeconds(status),
        ...kubernetes,
      });
    case 504:
      return new Timeout(`The cluster timed out: ${call}`, kubernetes);
    default:
      return statusCode >= 500
        ? new Unavailable(`The cluster failed: ${call}`, kubernetes)
        : new Internal(`Unexpected response from the cluster: ${call}`, kubernetes);
  }
}

/** One second if it is not a number. A proxy could have put anything in its place. */
function retryAfterSeconds({ details }: KubernetesStatus): number {
  const seconds: unknown = details?.retryAfterSeconds;
  return typeof seconds === 'number' && seconds >= 0 ? seconds : 1;
}

/** FORBIDDEN with the verb, resource and namespace. */
export function forbidden(attributes: ResourceAttributes, identity: CallIdentity = 'user'): Forbidden {
  const who = identity === 'user' ? 'You may not' : "Writ's service account may not";
  const hint = identity === 'user' ? '' : ' (is the namespace a project that Writ manages?)';
  return new Forbidden(`${who} ${describeAttributes(attributes)}${hint}`, { ...attributes });
}

/** The causes of a user's own call are shown: they are about that user's input. */
function userCauses(status: KubernetesStatus) {
  return causesOf(status).map(({ reason, message, field }) => ({ reason, message, field }));
}

/** For the backend's calls only the paths are shown: the messages are about what Writ sent. */
function fieldErrors(status: KubernetesStatus, call: string, identity: CallIdentity): FieldError[] {
  const rejected = `rejected by the cluster (${call})`;
  const fields = causesOf(status).flatMap(({ field, message, reason }): FieldError[] => {
    if (typeof field !== 'string' || !/^(spec|metadata)(\.[A-Za-z][\w[\]-]{0,62}){1,8}$/.test(field))
      return [];
    const text = message ?? reason;
    return [{ path: field, message: identity === 'user' && typeof text === 'string' ? text : rejected }];
  });
  return fields.length > 0 ? fields : [{ path: '', message: rejected }];
}
