import { abortable } from './abortable.ts';
import type { CallIdentity } from './call-identity.ts';
import type { ApiCall } from './calls.ts';
import type { Credential } from './connection/credential.ts';
import type { CallScope } from './scope.ts';

/** The identity that makes a call, and the scope that ends it. */
interface Caller {
  /** The header's value: `Bearer …`. Undefined for a client certificate, and for a probe without credentials. */
  authorization: string | undefined;
  identity: CallIdentity;
  scope: CallScope;
  /** Where the header is from: after a 401 there may be another one. Absent for users. */
  credential?: Credential;
}

/** The caller of Writ's own calls. Unavailable if its credentials cannot be read, Timeout if that takes too long. */
export async function backendCaller(credential: Credential, scope: CallScope): Promise<Caller> {
  const authorization = await abortable(scope.deadline, credential());
  return { authorization, identity: 'backend', scope, credential };
}

/** A request to the API server with its identity. */
export type Call = ApiCall &
  Caller & {
    /** Called when the call's turn has come, right before it is sent or sent again. If it throws, nothing is sent. */
    beforeSend?(): void;
    /** Until when it may be sent again: `performance.now()`. Absent: until the call's deadline. */
    sendUntil?: number;
  };

/**
 * After a 401: the call with another header of the same identity, if there is one. The cluster has not made the call, so even a
 * write can be sent again, once.
 */
export async function withNewCredential({ credential, ...call }: Call): Promise<Call | undefined> {
  if (!credential) return undefined;
  credential.rejected?.(call.authorization);
  const authorization = await abortable(call.scope.deadline, credential());
  return authorization === call.authorization ? undefined : { ...call, authorization };
}
