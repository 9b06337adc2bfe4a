import { KubernetesError } from './kubernetes-error.ts';
import type { ResourceType } from './resources.ts';
import type { UserCluster } from './user-cluster.ts';

/** How long it is taken for granted that the cluster does not serve a resource, in ms. */
const ABSENT_MS = 300_000;

/**
 * Which optional resources the cluster serves, by its discovery API. That is the same for all users, so it is asked with the
 * token of whoever needs it first, and not again for each request.
 */
export class ServedResources {
  readonly #served = new Map<string, { isServed: boolean; until: number }>();

  /**
   * False also if the user may not use the discovery API. Errors: those of a call of the user, but not 404 and 403: an
   * aggregated API that is down for a moment is not absent.
   */
  async serves(user: UserCluster, type: ResourceType): Promise<boolean> {
    const key = `${type.group}/${type.version}/${type.resource}`;
    const known = this.#served.get(key);
    if (known && performance.now() < known.until) return known.isServed;
    try {
      const isServed = (await user.discover(type)).includes(type.resource);
      this.#served.set(key, { isServed, until: isServed ? Number.POSITIVE_INFINITY : this.#soon() });
      return isServed;
    } catch (error) {
      if (!(error instanceof KubernetesError) || ![403, 404].includes(error.statusCode)) throw error;
      if (error.statusCode === 404) this.#served.set(key, { isServed: false, until: this.#soon() });
      return false;
    }
  }

  #soon(): number {
    return performance.now() + ABSENT_MS;
  }
}
