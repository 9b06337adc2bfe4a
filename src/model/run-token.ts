const GRACE_SECONDS = 300;
/** The minimum lifetime that a TokenRequest accepts. */
const MIN_SECONDS = 600;

/** The lifetime to request for the token of a run that may take this many seconds more, in seconds. */
export function tokenSeconds(runSeconds: number): number {
  return Math.max(Math.ceil(runSeconds) + GRACE_SECONDS, MIN_SECONDS);
}

/**
 * The TokenRequest for a run's service account. The token is bound to the run's Secret, and the account's UID is a
 * precondition.
 */
export function tokenRequest(
  serviceAccountUid: string,
  secret: { name: string; uid: string },
  expirationSeconds: number,
) {
  const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', ...secret };
  return {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { uid: serviceAccountUid },
    spec: { expirationSeconds, boundObjectRef },
  };
}

/** The status of a TokenRequest: the fields that Writ uses. */
export interface IssuedToken {
  token: string;
  /** RFC 3339. The API server may choose another lifetime than the requested one. */
  expirationTimestamp: string;
}

/**
 * The merge patch that stores a token in the run's Secret; the Secret's UID is a precondition. It changes nothing else: the
 * policy writ-runs allows no other change, because the response to a patch is the whole object.
 */
export function secretWithToken(token: string, uid: string) {
  return { metadata: { uid }, data: { token: Buffer.from(token).toString('base64') } };
}
