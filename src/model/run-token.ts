import { TOKEN_EXPIRES_AT, TOKEN_MINTED_AT } from './labels-and-annotations.ts';

const GRACE_SECONDS = 300;
/** TokenRequest takes no less. */
const MIN_SECONDS = 600;

/** How long a token is asked to live whose run may take so many seconds more. */
export function tokenSeconds(runSeconds: number): number {
  return Math.max(Math.ceil(runSeconds) + GRACE_SECONDS, MIN_SECONDS);
}

/**
 * The request for a token of a run's service account that ends with the run's Secret. The account's UID is a
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

/** The answer to it, as far as it is used. */
export interface IssuedToken {
  token: string;
  /** RFC 3339. It is the truth, whatever was asked for. */
  expirationTimestamp: string;
}

/** The merge patch that puts a token into the run's Secret, if that is still the one of these preconditions. */
export function secretWithToken(
  { token, expirationTimestamp }: IssuedToken,
  preconditions: { uid: string; resourceVersion?: string },
) {
  const annotations = {
    [TOKEN_EXPIRES_AT]: expirationTimestamp,
    [TOKEN_MINTED_AT]: new Date().toISOString(),
  };
  return {
    metadata: { ...preconditions, annotations },
    data: { token: Buffer.from(token).toString('base64') },
  };
}
