import { Conflict } from '../../errors.ts';
import type { AdmissionReason } from '../../kubernetes/admission.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { RunNumbersUsedUp } from '../run/run-objects.ts';

/** Why an attempt to create a run would fail again, however often it is repeated. */
export interface PermanentFailure {
  /** Of a condition. */
  reason: AdmissionReason | 'RunTooLarge' | 'RunInvalid' | 'RunNumbersUsedUp';
  message: string;
}

/**
 * Undefined if the same attempt can succeed later. An authorizer's denial is not permanent: the RoleBinding of a new project
 * can take a moment to arrive.
 */
export function permanentFailure(error: unknown): PermanentFailure | undefined {
  if (error instanceof RunNumbersUsedUp) {
    return { reason: 'RunNumbersUsedUp', message: 'the session has no number left for a run' };
  }
  if (!(error instanceof KubernetesError)) return undefined;
  if (error.rejection) return error.rejection;
  if (error.isTooLarge) return { reason: 'RunTooLarge', message: 'it is larger than the cluster accepts' };
  // A 422 can also be a precondition that failed: the object was replaced.
  const isInvalid = error.statusCode === 400 || error.statusCode === 422;
  if (isInvalid && !(error.toWritError() instanceof Conflict)) {
    return { reason: 'RunInvalid', message: 'the cluster rejects it as invalid' };
  }
  return undefined;
}
