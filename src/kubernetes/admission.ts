import type { FailedCall } from './failed-call.ts';
import { oneLine } from './one-line.ts';
import { SECRETS } from './resources.ts';
import { causesOf } from './status.ts';

/** What of admission rejected a write. The words are also the reasons of conditions. */
export type AdmissionReason = 'AdmissionDenied' | 'QuotaExceeded' | 'NamespaceTerminating';

/** What the API server puts in front of a webhook's or policy's message (apiserver: webhook/errors, policy/validating). */
const DENIALS = [
  /^admission webhook ".*" denied the request/,
  /: ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request/,
];

/**
 * Undefined if admission did not reject the call. A webhook chooses the status code, and a policy's is 422 by default, as
 * that of an invalid object: with another code than 403, only the text distinguishes them.
 */
export function admissionReasonOf({ statusCode, status, deniedBy }: FailedCall): AdmissionReason | undefined {
  const message: unknown = status.message;
  const text = typeof message === 'string' ? message : '';
  if (statusCode !== 403) return DENIALS.some((denial) => denial.test(text)) ? 'AdmissionDenied' : undefined;
  if (deniedBy !== 'admission') return undefined;
  if (causesOf(status).some(({ reason }) => reason === 'NamespaceTerminating')) return 'NamespaceTerminating';
  return /: exceeded quota: /.test(text) ? 'QuotaExceeded' : 'AdmissionDenied';
}

const EXPLANATIONS: Record<AdmissionReason, string> = {
  AdmissionDenied: 'an admission policy or webhook of the cluster rejected it',
  QuotaExceeded: "it would exceed the project's quota",
  NamespaceTerminating: 'the project is being deleted (its namespace is Terminating)',
};

/** Why admission rejected a call, and what it said. */
export function explainRejection(failed: FailedCall, reason: AdmissionReason): string {
  const text = admissionMessage(failed);
  return text === undefined ? EXPLANATIONS[reason] : `${EXPLANATIONS[reason]}: ${text}`;
}

/**
 * What admission said, on one line; undefined if nothing, or if it could repeat what a Secret contains. It is about what the
 * caller has requested: the session, or what Writ made from it.
 */
export function admissionMessage({ status, attributes }: FailedCall): string | undefined {
  const isSecret = attributes.resource === SECRETS.resource || attributes.subresource === 'token';
  const message: unknown = status.message;
  return isSecret || typeof message !== 'string' || message === '' ? undefined : oneLine(message);
}
