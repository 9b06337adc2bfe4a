import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesError, type KubernetesStatus, Unavailable } from '../errors.ts';
import { PAGE_SIZE, pages } from './pages.ts';
import { collectionPath, resourcePath } from './path.ts';
import type { ResourceType, Stored } from './resources.ts';
import type { RequestScope } from './scope.ts';
import type { Call, ClusterTransport } from './transport.ts';

type AnyObject = Stored<{ metadata?: unknown }>;

export interface WatchTimings {
  /** Objects of one page of a list at the most. */
  pageSize: number;
  /** How long a watch may last before it is asked for again, in seconds; each takes a random time between. */
  lastsSeconds: { min: number; max: number };
  /** How long nothing may come, in ms. The API server sends a bookmark about every minute. */
  idleMs: number;
  /** The wait before the first repeated attempt and the longest one, in ms; each is shortened by up to a half. */
  backoff: { baseMs: number; maxMs: number };
}

export const WATCH_TIMINGS: WatchTimings = {
  pageSize: PAGE_SIZE,
  lastsSeconds: { min: 300, max: 600 },
  idleMs: 180_000,
  backoff: { baseMs: 200, maxMs: 30_000 },
};

export interface WatchOptions<T extends AnyObject> {
  /** A pool with a connection for each watch: a watch never gives its own back. */
  transport: ClusterTransport;
  /** The Authorization header, asked for before each call. */
  credential: () => Promise<string | undefined>;
  identity: Call['identity'];
  /** Stands in the Audit-ID of each call. */
  id: string;
  type: ResourceType;
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  timings: WatchTimings;
  /** What is kept of an object, or undefined where the watch has no use for it. */
  keep: (object: AnyObject) => T | undefined;
  /** Is told each change after it is known to `get`; of a DELETED object what was kept last. */
  on: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  /** Is told each failure that the watch goes on from by itself. Their waits grow. */
  onProblem?: (error: unknown, type: ResourceType) => void;
}

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: AnyObject;
}

/** After so many failures in a row the resourceVersion itself may be what fails (a restored etcd): list again. */
const FAILURES_UNTIL_LIST = 5;
const FAILURES_UNTIL_STALE = 3;

/**
 * A selection of objects as the cluster has it now: listed in pages, then watched, whatever happens on the way.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class Watch<T extends AnyObject> {
  readonly #options: WatchOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #synced = Promise.withResolvers<void>();
  #version: string | undefined;
  #failures = 0;
  #isListed = false;
  #calls = 0;

  constructor(options: WatchOptions<T>) {
    this.#options = options;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  /** When the first list is complete. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Whether the list is complete and the cluster answers. */
  get isCurrent(): boolean {
    return this.#isListed && this.#failures < FAILURES_UNTIL_STALE;
  }

  /**
   * Follows the cluster until the signal ends it. It throws only where the cluster refuses the identity: KubernetesError
   * of 401 or 403. What is known stays known, and another run goes on with the difference.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#version ??= await this.#list(signal);
        await this.#follow(this.#version, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isRefusal(error)) {
          this.#failures += 1;
          this.#isListed = false;
          this.#version = undefined;
          throw error;
        }
        this.#failed(error);
        if (isExpired(error) || this.#failures % FAILURES_UNTIL_LIST === 0) this.#version = undefined;
      }
      await this.#backOff(signal);
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { transport, timings } = this.#options;
    const listed = new Map<string, T>();
    let version = '';
    const list = pages<AnyObject>(timings.pageSize, async ({ query, ...page }) =>
      transport.json({ ...(await this.#call('list', { ...query }, signal)), ...page }),
    );
    for await (const { metadata, items } of list) {
      version ||= metadata.resourceVersion;
      for (const item of items) {
        const kept = this.#options.keep(item);
        if (kept) listed.set(keyOf(kept.metadata.namespace, kept.metadata.name), kept);
      }
    }
    this.#emitDifference(listed);
    this.#failures = 0;
    this.#isListed = true;
    this.#synced.resolve();
    return version;
  }

  #emitDifference(listed: Map<string, T>): void {
    for (const [key, known] of [...this.#objects]) {
      if (listed.get(key)?.metadata.uid !== known.metadata.uid) this.#forget(key);
    }
    for (const [key, object] of listed) {
      const { resourceVersion } = this.#objects.get(key)?.metadata ?? {};
      if (resourceVersion !== object.metadata.resourceVersion) this.#put(key, object);
    }
  }

  /** Until the API server ends the watch, as it does after the time that was asked for. */
  async #follow(from: string, signal: AbortSignal): Promise<void> {
    const { transport, timings } = this.#options;
    const { min, max } = timings.lastsSeconds;
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: from,
      timeoutSeconds: Math.ceil(min + Math.random() * (max - min)),
    };
    const startedAt = performance.now();
    let isEmpty = true;
    for await (const line of transport.lines(await this.#call('watch', query, signal), timings.idleMs)) {
      if (line === '') continue;
      this.#apply(parseEvent(line));
      this.#failures = 0;
      isEmpty = false;
    }
    // Something on the way that closes each watch at once must not be asked in a tight loop.
    if (isEmpty && performance.now() - startedAt < min * 1_000)
      this.#failed(new Unavailable('The cluster ended the watch at once'));
    else this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.#options.onProblem?.(error, this.#options.type);
  }

  #apply({ type, object }: WatchEvent): void {
    if (type === 'ERROR') throw this.#errorOf(object as KubernetesStatus);
    this.#version = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    const kept = type === 'DELETED' ? undefined : this.#options.keep(object);
    const known = this.#objects.get(key);
    if (known && known.metadata.uid !== kept?.metadata.uid) this.#forget(key);
    if (kept) this.#put(key, kept);
  }

  #put(key: string, object: T): void {
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(key, object);
    this.#options.on(type, object);
  }

  #forget(key: string): void {
    const known = this.#objects.get(key);
    this.#objects.delete(key);
    if (known) this.#options.on('DELETED', known);
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    const { baseMs, maxMs } = this.#options.timings.backoff;
    const wait = Math.min(maxMs, baseMs * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    await delay(wait, undefined, { signal }).catch(() => {});
  }

  async #call(verb: 'list' | 'watch', query: Call['query'] & object, signal: AbortSignal): Promise<Call> {
    const { type, namespace, labelSelector, identity, credential, id } = this.#options;
    const scope: RequestScope = {
      requestId: id,
      signal,
      deadline: signal,
      nextAuditId: () => `${id}.${++this.#calls}`,
    };
    return {
      method: 'GET',
      path: namespace === undefined ? collectionPath(type) : resourcePath(type, { namespace }),
      query: { ...query, labelSelector },
      authorization: await credential(),
      identity,
      attributes: { verb, group: type.group, resource: type.resource, namespace },
      scope,
      idempotent: verb === 'list',
    };
  }

  /** A failure in the middle of a watch comes as an event with a Status. */
  #errorOf(status: KubernetesStatus): KubernetesError {
    const { type, namespace, identity } = this.#options;
    const attributes = { verb: 'watch', group: type.group, resource: type.resource, namespace };
    return new KubernetesError(Number(status.code) || 500, status, attributes, identity);
  }
}

function parseEvent(line: string): WatchEvent {
  try {
    const event = JSON.parse(line) as Partial<WatchEvent> | null;
    const isWhole = event?.type === 'ERROR' || typeof event?.object?.metadata?.resourceVersion === 'string';
    if (event?.type && event.object && isWhole) return event as WatchEvent;
  } catch {
    // Answered like every other line that is no event.
  }
  throw new Unavailable('The cluster sent a watch event that cannot be read');
}

function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isRefusal(error: unknown): boolean {
  return error instanceof KubernetesError && (error.statusCode === 401 || error.statusCode === 403);
}

function isExpired(error: unknown): boolean {
  return error instanceof KubernetesError && error.isExpired;
}
