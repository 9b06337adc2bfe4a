import { backendCaller } from '../../kubernetes/caller.ts';
import { listCall, watchCall } from '../../kubernetes/calls.ts';
import type { Credential } from '../../kubernetes/connection/credential.ts';
import type { Connect } from '../../kubernetes/list-watch.ts';
import { createScope } from '../../kubernetes/scope.ts';
import type { ClusterTransport } from '../../kubernetes/transport.ts';

interface WatchConnectionOptions {
  /** Each watch occupies one of its connections. */
  transport: ClusterTransport;
  credential: Credential;
  /** Begins the Audit-ID of each call. */
  id: string;
}

/** Lists and watches as the controller. */
export function watchConnections({ transport, credential, id }: WatchConnectionOptions): Connect {
  let connections = 0;
  return (signal) => {
    connections += 1;
    const scope = createScope(`${id}.${connections}`, signal);
    return {
      list: async (type, namespace, options) =>
        transport.json({
          ...listCall(type, namespace, options),
          ...(await backendCaller(credential, scope)),
        }),
      async *watch(type, namespace, options) {
        const caller = await backendCaller(credential, scope);
        yield* transport.watch({ ...watchCall(type, namespace, options), ...caller }, options.idleMs);
      },
    };
  };
}
