import { setTimeout as delay } from 'node:timers/promises';
import { Unauthenticated, Unavailable } from '../errors.ts';
import type { AccessReview } from '../kubernetes/access-review.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { forbidden } from '../kubernetes/status-mapping.ts';

export interface AccessMonitorOptions {
  /** How often the cluster is asked, in ms. */
  everyMs: number;
  /** After a denial it is asked once more, so much later: while an API server starts, it may not know all bindings yet. */
  confirmMs: number;
  /** How long reviews may fail before the subscription ends, in ms. */
  patienceMs: number;
}

type Review = (signal: AbortSignal) => Promise<AccessReview>;

/** A right that is reviewed for as long as somebody depends on it. */
interface Monitored {
  dependents: Set<(error: unknown) => void>;
  ends: AbortController;
}

/**
 * Asks the cluster again and again whether users may still see what they follow: a watch that has begun goes on after the
 * permission is gone. Reviews for the same right of the same token are one.
 */
export class AccessMonitor {
  readonly #options: AccessMonitorOptions;
  readonly #monitored = new Map<string, Monitored>();

  constructor(options: AccessMonitorOptions) {
    this.#options = options;
  }

  /**
   * Calls `onDenied` once the user may no longer do this, with the error that says why.
   *
   * @param digest of the token
   * @param review asks the cluster, as the user
   * @returns ends it
   */
  depend(
    digest: string,
    attributes: ResourceAttributes,
    review: Review,
    onDenied: (error: unknown) => void,
  ): () => void {
    const key = `${digest}/${JSON.stringify(attributes)}`;
    const monitored = this.#monitored.get(key) ?? this.#begin(key, attributes, review);
    monitored.dependents.add(onDenied);
    return () => {
      if (!monitored.dependents.delete(onDenied) || monitored.dependents.size > 0) return;
      monitored.ends.abort();
      if (this.#monitored.get(key) === monitored) this.#monitored.delete(key);
    };
  }

  #begin(key: string, attributes: ResourceAttributes, review: Review): Monitored {
    const monitored: Monitored = { dependents: new Set(), ends: new AbortController() };
    this.#monitored.set(key, monitored);
    void this.#untilDenied(attributes, review, monitored.ends.signal).then((error) => {
      if (error === undefined) return;
      this.#monitored.delete(key);
      for (const onDenied of monitored.dependents) onDenied(error);
    });
    return monitored;
  }

  /** Resolves with the reason when the right is gone, and with nothing when the signal aborts. */
  async #untilDenied(attributes: ResourceAttributes, review: Review, signal: AbortSignal): Promise<unknown> {
    const { everyMs, confirmMs, patienceMs } = this.#options;
    let answeredAt = performance.now();
    let isDenied = false;
    while (!signal.aborted) {
      await delay(isDenied ? confirmMs : everyMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return undefined;
      try {
        const { allowed } = await review(signal);
        if (!allowed && isDenied) return forbidden(attributes);
        isDenied = !allowed;
        answeredAt = performance.now();
      } catch (error) {
        if (signal.aborted) return undefined;
        if (error instanceof KubernetesError && error.statusCode === 401) {
          return new Unauthenticated('The cluster does not accept the token any more');
        }
        // Everybody may ask. A 403 comes from an API server that is starting.
        if (performance.now() - answeredAt > patienceMs) {
          return new Unavailable('The cluster does not say whether you may still see this', {
            retryAfterSeconds: 1,
          });
        }
      }
    }
    return undefined;
  }
}
