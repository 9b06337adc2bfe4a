import { Unavailable } from '../errors.ts';
import type { Call } from './caller.ts';
import { isDenied } from './kubernetes-error.ts';
import { READYZ_PATH } from './path.ts';

/** How long after a failed connection a 403 may be that of an API server that is starting, in ms. */
const RECOVERY_MS = 10_000;

/**
 * Sends a read. An API server that has just started denies everything, until it has read the RBAC objects, and is ready then:
 * if a read is denied right after a connection has failed, it is sent again once the server is ready. Unavailable until then.
 *
 * @param send sends a call: the read, and the question whether the server is ready, with the same identity
 * @param sinceFailureMs how long ago a connection failed last, in ms
 */
export async function sendRead(
  call: Call,
  send: (call: Call) => Promise<string>,
  sinceFailureMs: () => number,
): Promise<string> {
  try {
    return await send(call);
  } catch (error) {
    if (!isDenied(error) || sinceFailureMs() > RECOVERY_MS) throw error;
    const { authorization, identity, scope, credential, attributes } = call;
    const caller = { authorization, identity, scope, ...(credential && { credential }) };
    await send({ method: 'GET', path: READYZ_PATH, idempotent: true, attributes, ...caller }).catch(
      (cause: Error) => {
        throw new Unavailable('The cluster is starting', {}, { cause });
      },
    );
    return send(call);
  }
}
