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
import { type AdmissionReason, admissionMessage, admissionReasonOf, explainRejection } from './admission.ts';
import type { FailedCall } from './failed-call.ts';
import { MissingRight } from './missing-right.ts';
import { describeAttributes, type ResourceAttributes } from './resource-attributes.ts';
import { SECRETS } from './resources.ts';
import { causesOf, isStatus, type KubernetesStatus, knownReason } from './status.ts';

/** The error that a client sees for a call that the API server has rejected. */
export function statusToWritError(failed: FailedCall): WritError {
  const { statusCode, status, attributes, identity } = failed;
  const call = describeAttributes(attributes);
  const causes = identity === 'user' && !isAboutSecret(attributes) ? userCauses(status) : undefined;
  const kubernetes = {
    kubernetes: { code: statusCode, reason: knownReason(status), ...(causes && { causes }) },
  };
  const admissionReason = admissionReasonOf(failed);
  if (admissionReason) return rejectedByAdmission(failed, admissionReason);
  switch (statusCode) {
    case 401:
      return identity === 'user'
        ? new Unauthenticated('The cluster did not accept the token')
        : new Unavailable("The cluster did not accept Writ's own credentials", {}, causeOf(failed));
    case 429:
      return new TooManyRequests('The cluster is limiting requests: try again later', {
        retryAfterSeconds: retryAfterSeconds(status),
        ...kubernetes,
      });
    case 504:
      return new Timeout(`The cluster timed out: ${call}`, kubernetes);
  }
  if (statusCode >= 500) return new Unavailable(`The cluster failed: ${call}`, kubernetes, causeOf(failed));
  if (!isStatus(status)) return notFromApiServer(failed);
  switch (statusCode) {
    case 403:
      return denied(failed);
    case 404:
      return isObjectNotFound(failed)
        ? new NotFound(`Not found: ${call}`, kubernetes)
        : notServed(attributes);
    case 409:
      return new Conflict(`Conflict: ${call}`, kubernetes);
    case 410:
      return new Expired(`Expired: ${call}`, kubernetes);
    case 422:
      // A patch had a UID as its precondition, and another object has the name by now.
      if (causesOf(status).some(({ field }) => field === 'metadata.uid')) {
        return new Conflict(`Conflict: ${call}`, kubernetes);
      }
      return new BadUserInput(fieldErrors(failed, call), kubernetes);
    case 400:
    case 413:
      return new BadUserInput(fieldErrors(failed, call), kubernetes);
    default:
      return new Internal(`Unexpected response from the cluster: ${call}`, kubernetes);
  }
}

/** Whether the object does not exist. The API server names it; without a name, it does not serve the resource. */
export function isObjectNotFound({ statusCode, status }: Pick<FailedCall, 'statusCode' | 'status'>): boolean {
  return statusCode === 404 && isStatus(status) && typeof status.details?.name === 'string';
}

/** Such as the page of a load balancer, or a redirect to a login. */
function notFromApiServer({ statusCode, attributes }: FailedCall): Unavailable {
  // The API server's own answer for a path that it does not serve is text.
  if (statusCode === 404) return notServed(attributes);
  const cause = new Error(
    `${describeAttributes(attributes)}: ${statusCode} without a Status: is there a proxy?`,
  );
  return new Unavailable('The response is not from an API server of Kubernetes', {}, { cause });
}

function notServed({ group, resource }: ResourceAttributes): Unavailable {
  const name = group ? `${resource}.${group}` : resource;
  const hint =
    group.includes('.k8s.io') || group === '' ? '' : ': its CustomResourceDefinition may be missing';
  return new Unavailable(`The cluster does not serve ${name}${hint}`);
}

/** Permissions have nothing to do with it, so none are named. */
function rejectedByAdmission(failed: FailedCall, reason: AdmissionReason): WritError {
  const { statusCode, status, attributes } = failed;
  const message = `Rejected by admission: ${describeAttributes(attributes)}: ${explainRejection(failed, reason)}`;
  const extensions = { reason, kubernetes: { code: statusCode, reason: knownReason(status) } };
  return statusCode === 400 || statusCode === 422
    ? new BadUserInput([{ path: '', message }], extensions, causeOf(failed))
    : new Forbidden(message, extensions, causeOf(failed));
}

function denied(failed: FailedCall): Forbidden {
  const { attributes, identity, deniedBy = 'authorizer' } = failed;
  const call = describeAttributes(attributes);
  if (deniedBy === 'authorizer') {
    return identity === 'user' ? forbidden(attributes) : forbiddenForWrit(attributes, causeOf(failed));
  }
  const message =
    deniedBy === 'escalation-check'
      ? `${identity === 'user' ? 'You' : "Writ's service account"} may not grant these permissions, or admission rejected it: ${call}`
      : `The cluster denied it, and could not be asked why: ${call}`;
  const isOwn = identity === 'user' && deniedBy === 'escalation-check';
  return new Forbidden(message, isOwn ? { ...attributes } : {}, causeOf(failed));
}

/** What the API server said, for the log: not about a user's own permissions, nor what a Secret contains. */
function causeOf(failed: FailedCall): { cause?: Error } {
  const { statusCode, attributes, identity, deniedBy = 'authorizer' } = failed;
  const text = admissionMessage(failed);
  const isOwn = identity === 'user' && statusCode === 403 && deniedBy === 'authorizer';
  return isOwn || text === undefined
    ? {}
    : { cause: new Error(`${describeAttributes(attributes)}: ${statusCode} ${text}`) };
}

/** One second if it is not a number. A proxy could have put anything in its place. */
function retryAfterSeconds({ details }: KubernetesStatus): number {
  const seconds: unknown = details?.retryAfterSeconds;
  return typeof seconds === 'number' && seconds >= 0 ? seconds : 1;
}

/**
 * FORBIDDEN with the verb, resource and namespace: the caller may not do it.
 *
 * @param because the reason of the review that denied it
 */
export function forbidden(attributes: ResourceAttributes, because?: string | null): MissingRight {
  return new MissingRight(`You may not ${describeAttributes(attributes)}`, attributes, because);
}

/** No role of the caller would help. */
function forbiddenForWrit(attributes: ResourceAttributes, options: { cause?: Error }): Forbidden {
  const message = `Writ's service account may not ${describeAttributes(attributes)} (is the namespace a project that Writ manages?)`;
  return new Forbidden(message, { ...attributes }, options);
}

/** The causes of a user's own call are shown: they are about that user's input. */
function userCauses(status: KubernetesStatus) {
  return causesOf(status).map(({ reason, message, field }) => ({ reason, message, field }));
}

/** A message about a Secret could repeat what it contains. */
function isAboutSecret({ resource }: ResourceAttributes): boolean {
  return resource === SECRETS.resource;
}

/** For the backend's calls only the paths are shown: the messages are about what Writ sent. */
function fieldErrors({ status, identity, attributes }: FailedCall, call: string): FieldError[] {
  const isShown = identity === 'user' && !isAboutSecret(attributes);
  const rejected = `rejected by the cluster (${call})`;
  const fields = causesOf(status).flatMap(({ field, message, reason }): FieldError[] => {
    if (typeof field !== 'string' || !/^(spec|metadata)(\.[A-Za-z][\w[\]-]{0,62}){1,8}$/.test(field))
      return [];
    const text = message ?? reason;
    return [{ path: field, message: isShown && typeof text === 'string' ? text : rejected }];
  });
  return fields.length > 0 ? fields : [{ path: '', message: rejected }];
}
