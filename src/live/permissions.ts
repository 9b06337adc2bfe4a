import { randomBytes } from 'node:crypto';
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
  readonly #key = randomBytes(32);

  constructor(cluster: CallerCluster, options: AccessMonitorOptions) {
    this.#cluster = cluster;
    this.#monitor = new AccessMonitor(options);
  }

  /** Identifies the token, in this process alone. */
  digestOf({ token }: Caller): string {
    return UserToken.digestOf(token, this.#key);
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
      (signal) => this.#cluster.call(caller, signal, (user) => reviewAccess(user, attributes)),
      end,
    );
    const endExpiry = onExpiry(caller.token, () =>
      end(new Unauthenticated('The token has expired: subscribe again with a new one')),
    );
    return () => {
      endMonitor();
      endExpiry();
    };
  }
}

/** Calls `expire` when the token expires, as far as the token says so. @returns ends it */
function onExpiry(token: UserToken, expire: () => void): () => void {
  const expiresAt = UserToken.expiryOf(token);
  if (expiresAt === undefined) return () => {};
  let timer: NodeJS.Timeout;
  const wait = () => {
    const ms = expiresAt - Date.now();
    // Longer timers would fire at once.
    timer = setTimeout(ms > MAX_TIMER_MS ? wait : expire, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}

const MAX_TIMER_MS = 2 ** 31 - 1;
