/** Each kind of violation: what a log shows that Writ must not do, or must not leave out. docs/verify.md explains them. */
export type ViolationKind =
  | 'api-read'
  | 'api-dry-run'
  | 'api-write-of-no-grant'
  | 'api-write-without-review'
  | 'api-owner-review'
  | 'controller-no-duty'
  | 'controller-session-not-read'
  | 'identity-of-writ-used-elsewhere'
  | 'impersonation'
  | 'several-users'
  | 'other-user-than-logged'
  | 'other-subject'
  | 'malformed-audit-id'
  | 'child-of-another-session'
  | 'missing-calls'
  | 'missing-request'
  | 'duplicate-call'
  | 'unlogged-write'
  | 'unlogged-request'
  | 'other-than-logged';

export interface Finding {
  kind: ViolationKind | 'foreign-call';
  /** Of the call, or the request id if it is about several. */
  auditId: string;
  /** Who did what, and what is wrong with it. */
  message: string;
}
