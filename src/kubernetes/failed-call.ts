import type { CallIdentity } from './call-identity.ts';
import type { ResourceAttributes } from './resource-attributes.ts';
import type { KubernetesStatus } from './status.ts';

/**
 * What denied a write with 403: the authorizer; the check that nobody grants permissions that they do not have, or admission;
 * admission. `unknown` if that could not be determined.
 */
export type DeniedBy = 'authorizer' | 'escalation-check' | 'admission' | 'unknown';

/** A call that the API server has rejected. */
export interface FailedCall {
  statusCode: number;
  status: KubernetesStatus;
  attributes: ResourceAttributes;
  identity: CallIdentity;
  /** Of a write with 403. Absent for reads: only the authorizer denies them. */
  deniedBy?: DeniedBy | undefined;
}
