import { abortable } from './abortable.ts';
import type { ApiCall } from './calls.ts';
import type { Credential } from './connection/credential.ts';
import type { CallScope } from './scope.ts';

/** Whose credentials a call has. */
export type CallIdentity = 'user' | 'backend';

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
