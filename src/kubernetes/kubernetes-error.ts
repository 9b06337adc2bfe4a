import { TranslatableError, type WritError } from '../errors.ts';
import { type AdmissionReason, admissionReasonOf, explainRejection } from './admission.ts';
import type { CallIdentity } from './call-identity.ts';
import type { DeniedBy, FailedCall } from './failed-call.ts';
import { describeAttributes, type ResourceAttributes } from './resource-attributes.ts';
import { causesOf, isStatus, type KubernetesStatus, knownReason } from './status.ts';
import { isObjectNotFound, statusToWritError } from './status-mapping.ts';

/** A response of the API server with a failure status. */
export class KubernetesError extends TranslatableError implements FailedCall {
  readonly statusCode: number;
  readonly status: KubernetesStatus;
  readonly attributes: ResourceAttributes;
  readonly identity: CallIdentity;
  readonly deniedBy: DeniedBy | undefined;

  constructor(
    statusCode: number,
    status: KubernetesStatus,
    attributes: ResourceAttributes,
    identity: CallIdentity,
    deniedBy?: DeniedBy,
  ) {
    super(`${describeAttributes(attributes)}: ${statusCode} ${knownReason(status) ?? ''}`.trim());
    this.name = 'KubernetesError';
    this.statusCode = statusCode;
    this.status = status;
    this.attributes = attributes;
    this.identity = identity;
    this.deniedBy = deniedBy;
  }

  withDeniedBy(deniedBy: DeniedBy): KubernetesError {
    return new KubernetesError(this.statusCode, this.status, this.attributes, this.identity, deniedBy);
  }

  get isNotFound(): boolean {
    return isObjectNotFound(this);
  }
  get isAlreadyExists(): boolean {
    return this.statusCode === 409 && this.status.reason === 'AlreadyExists';
  }
  /**
   * Whether the object was not as a write requires: it was changed concurrently (409), or a test of a JSON patch failed, or a
   * path in it does not exist. That is a 422 without causes; if the object or a policy is the reason, there are some. A webhook
   * can deny the write with the same codes.
   */
  get mayBePreconditionFailed(): boolean {
    if (this.rejection) return false;
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

  /** Why admission rejected the call, for a condition; undefined if it did not. */
  get rejection(): { reason: AdmissionReason; message: string } | undefined {
    const reason = admissionReasonOf(this);
    return reason && { reason, message: explainRejection(this, reason) };
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

/** Whether the API server has denied the call. A proxy's 403 has no Status. */
export function isDenied(error: unknown): error is KubernetesError {
  return error instanceof KubernetesError && error.statusCode === 403 && isStatus(error.status);
}

/** For `catch`: null if the object does not exist. */
export function nullIfNotFound(error: unknown): null {
  if (error instanceof KubernetesError && error.isNotFound) return null;
  throw error;
}
