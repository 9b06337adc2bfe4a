import { reviewAccess } from '../authorization/reviews.ts';
import { Unauthenticated } from '../errors.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { UserToken } from '../kubernetes/token.ts';
import { AccessMonitor, type AccessMonitorOptions } from './access-monitor.ts';
import type { Caller, CallerCluster } from './caller.ts';

/** What callers may follow, and for how long. */
export class Permissions {
  readonly #cluster: CallerCluster;
  readonly #monitor: AccessMonitor;

  constructor(cluster: CallerCluster, options: AccessMonitorOptions) {
    this.#cluster = cluster;
    this.#monitor = new AccessMonitor(options);
  }

  /** Identifies the token, in this process alone. */
  digestOf({ token }: Caller): string {
    return UserToken.digestOf(token);
  }

  /**
   * Calls `end` when the token expires, when the cluster no longer accepts it, and when the caller may no longer do this.
   *
   * @returns ends it
   */
  depend(caller: Caller, attributes: ResourceAttributes, end: (error: unknown) => void): () => void {
    const endMonitor = this.#monitor.depend(
      this.digestOf(caller),
      attributes,
      (signal) =>
        this.#cluster.review(caller, signal, (user) => reviewAccess(user, attributes, 'subscription')),
      end,
    );
    const endExpiry = UserToken.atExpiry(caller.token, () =>
      end(new Unauthenticated('The token has expired: subscribe again with a new one')),
    );
    return () => {
      endMonitor();
      endExpiry();
    };
  }
}
