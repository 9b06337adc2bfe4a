/** Prefixes of keys that Writ, an operator or Kubernetes interprets: no user's input has them. */
export const RESERVED_PREFIX =
  /(^|\.)(ambient-code\.io|vteam\.ambient-code|kubernetes\.io|k8s\.io|openshift\.io)\//;

/** Labels and annotations that Writ reads and writes. Existing clusters already use these names. */
export const MANAGED_LABEL = 'ambient-code.io/managed';
/** On objects that Writ has made for users, such as the bindings of members. It proves nothing. */
export const MANAGED_BY_WRIT = { 'app.kubernetes.io/managed-by': 'writ' };
/** On a RoleBinding of a member that Writ has made: by what, `writ` or `settings`. */
export const MEMBER_ORIGIN_LABEL = 'ambient-code.io/member-origin';
export const SESSION_UID_LABEL = 'ambient-code.io/session-uid';
/** On the pods of runs that another operator makes: the name of their session, which is their controller. */
export const SESSION_NAME_LABEL = 'agentic-session';
export const DESIRED_PHASE = 'ambient-code.io/desired-phase';
export const REQUESTED_BY = 'ambient-code.io/requested-by';
export const REQUEST_ID = 'ambient-code.io/request-id';
export const START_REQUESTED_AT = 'ambient-code.io/start-requested-at';
export const STOP_REQUESTED_AT = 'ambient-code.io/stop-requested-at';
/** On a run's Job: when the token expires that the run was created with. */
export const TOKEN_EXPIRES_AT = 'ambient-code.io/token-expires-at';
/** On a run's ServiceAccount: the UID of the run's Secret, which Writ may not read. */
export const SECRET_UID = 'ambient-code.io/secret-uid';
export const INPUT_DIGEST = 'ambient-code.io/input-digest';
export const PARENT_SESSION = 'vteam.ambient-code/parent-session-id';
export const DISPLAY_NAME = 'openshift.io/display-name';
export const DESCRIPTION = 'openshift.io/description';

/** On a session that was stopped because it was inactive: its stop-requested-at at that time. */
export const STOPPED_INACTIVE_AT = 'ambient-code.io/stopped-inactive-at';
