import { TranslatableError, type WritError } from '../errors.ts';
import { describeAttributes, type ResourceAttributes } from './resource-attributes.ts';
import { causesOf, type KubernetesStatus, knownReason } from './status.ts';
import { type CallIdentity, type FailedCall, statusToWritError } from './status-mapping.ts';

const DENIALS = [
  /^admission webhook ".*" denied the request/,
  /: ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request/,
];

/** A response of the API server with a failure status. */
export class KubernetesError extends TranslatableError implements FailedCall {
  readonly statusCode: number;
  readonly status: KubernetesStatus;
  readonly attributes: ResourceAttributes;
  readonly identity: CallIdentity;

  constructor(
    statusCode: number,
    status: KubernetesStatus,
    attributes: ResourceAttributes,
    identity: CallIdentity,
  ) {
    super(`${describeAttributes(attributes)}: ${statusCode} ${knownReason(status) ?? ''}`.trim());
    this.name = 'KubernetesError';
    this.statusCode = statusCode;
    this.status = status;
    this.attributes = attributes;
    this.identity = identity;
  }

  get isNotFound(): boolean {
    return this.statusCode === 404;
  }
  get isAlreadyExists(): boolean {
    return this.statusCode === 409 && this.status.reason === 'AlreadyExists';
  }
  /**
   * Whether the object was not as a write requires: it was changed concurrently (409), or a test of a JSON patch failed, or a
   * path in it does not exist. That is a 422 without causes; if the object or a policy is the reason, there are some.
   */
  get mayBePreconditionFailed(): boolean {
    return this.statusCode === 409 || (this.statusCode === 422 && causesOf(this.status).length === 0);
  }
  get isExpired(): boolean {
    return this.statusCode === 410;
  }
  /**
   * Whether a ValidatingAdmissionPolicy denied the request, and not the authorizer: the API server returns the policy's
   * message as a cause, and an authorizer's denial has no causes.
   */
  get isDeniedByPolicy(): boolean {
    return this.statusCode === 403 && causesOf(this.status).length > 0;
  }

  /**
   * Whether admission denied the request: a policy, or a webhook. The status code can be another than 403: a webhook chooses
   * it, and a policy's is 422 by default, as that of an invalid object. Only the API server's text in front of their own
   * distinguishes them (apiserver, plugin/webhook/errors and plugin/policy/validating).
   */
  get isDeniedByAdmission(): boolean {
    return this.isDeniedByPolicy || DENIALS.some((denial) => denial.test(this.#message));
  }
  /** Whether the object exceeds a ResourceQuota. Only the text distinguishes this 403 from an authorizer's. */
  get isQuotaExceeded(): boolean {
    return this.statusCode === 403 && /: exceeded quota: /.test(this.#message);
  }
  /**
   * Whether the object is larger than etcd accepts, or the request than the API server accepts. The former is reported as a
   * 500, with the text of etcd or, from 2 MiB on, of the API server's client of etcd.
   */
  get isTooLarge(): boolean {
    const isOfEtcd = this.statusCode === 500 && /request is too large|larger than max/.test(this.#message);
    return this.statusCode === 413 || isOfEtcd;
  }

  get #message(): string {
    const message: unknown = this.status.message;
    return typeof message === 'string' ? message : '';
  }

  toWritError(): WritError {
    return statusToWritError(this);
  }
}

/** For `catch`: null if the object does not exist. */
export function nullIfNotFound(error: unknown): null {
  if (error instanceof KubernetesError && error.isNotFound) return null;
  throw error;
}
