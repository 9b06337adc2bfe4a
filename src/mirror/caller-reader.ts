import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReviewCache } from '../authorization/review-cache.ts';
import { parseLabelSelector } from '../kubernetes/label-selector.ts';
import type {
  AnyObject,
  FollowLogOptions,
  ListNamespace,
  ListOptions,
  LogOptions,
  MirroredReader,
  ObjectList,
  Snapshot,
  SnapshotOptions,
  WatchEvent,
  WatchOptions,
} from '../kubernetes/reader.ts';
import { NAMESPACES, type Namespace, type ResourceType } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { Caller } from '../live/caller.ts';
import type { Consistency, MirroredCollection, MirrorRead, Mirrors } from './mirrors.ts';

interface CallerReaderOptions {
  user: UserCluster;
  caller: Caller;
  mirrors: Mirrors;
  /** Of the caller's rights. */
  reviews: Pick<ReviewCache, 'access'>;
  /** What the client has asked for. */
  consistency(): Consistency;
  /** Told of each read from a mirror. */
  onRead(read: MirroredCollection): void;
}

/** The cluster as a caller, whose own mirrors answer what they can. */
export class CallerReader implements MirroredReader {
  readonly #options: CallerReaderOptions;

  constructor(options: CallerReaderOptions) {
    this.#options = options;
  }

  async snapshot<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    { labelSelector = '', scan }: SnapshotOptions,
  ): Promise<Snapshot<T> | undefined> {
    const { mirrors, user, onRead } = this.#options;
    const matches = parseLabelSelector(labelSelector);
    if (type !== mirrors.type || !matches) return undefined;
    const snapshot = (await mirrors.read(this.#readOf(namespace), scan)) as Snapshot<T> | undefined;
    if (!snapshot) return undefined;
    const { resourceVersion } = snapshot;
    onRead({ resource: type.resource, namespace, resourceVersion });
    if (labelSelector === '') return snapshot;
    // One request can ask for many selections.
    await this.turn();
    const select = () => snapshot.objects.filter(({ metadata }) => matches(labelsOf(metadata)));
    const { budget } = user.scope;
    return { resourceVersion, objects: budget ? budget.measure(select) : select() };
  }

  async turn(): Promise<void> {
    const { budget, signal } = this.#options.user.scope;
    await nextTurn();
    await budget?.turn(signal);
  }

  async list<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const list = await this.#options.user.list<T>(type, namespace, options);
    const { mirrors, caller } = this.#options;
    if (type === mirrors.type && typeof namespace === 'string') {
      const { labelSelector, fieldSelector, continue: token } = options;
      const { remainingItemCount, continue: next } = list.metadata;
      const isCounted =
        !labelSelector && !fieldSelector && !token && (!next || remainingItemCount !== undefined);
      const size = isCounted ? list.items.length + (remainingItemCount ?? 0) : undefined;
      mirrors.noteObjects(caller, namespace, list.items.length, size);
    }
    return list;
  }

  async find<T extends AnyObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T | null> {
    const { user, mirrors } = this.#options;
    if (type !== NAMESPACES) return user.find<T>(type, namespace, name);
    const read = this.#readOf(name);
    const known = mirrors.project(read);
    if (known) return known as AnyObject as T;
    const readAt = performance.now();
    const object = await user.find<T>(type, namespace, name);
    if (object) mirrors.keepProject(read, object as AnyObject as Namespace, readAt);
    return object;
  }

  listMetadata(type: ResourceType, namespace: string | undefined, options: ListOptions = {}) {
    return this.#options.user.listMetadata(type, namespace, options);
  }

  log(namespace: string, pod: string, options: LogOptions): Promise<string> {
    return this.#options.user.log(namespace, pod, options);
  }

  followLog(namespace: string, pod: string, options: FollowLogOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.#options.user.followLog(namespace, pod, options);
  }

  watch<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>> {
    return this.#options.user.watch<T>(type, namespace, options);
  }

  #readOf(namespace: string): MirrorRead {
    const { user, caller, mirrors, reviews, consistency } = this.#options;
    const { group, resource } = mirrors.type;
    return {
      caller,
      namespace,
      consistency: consistency(),
      signal: user.scope.signal,
      mayRead: async () => {
        // Errors are the cluster's to show, when it is asked for the objects.
        const review = await reviews
          .access(user, { verb: 'list', group, resource, namespace })
          .catch(() => undefined);
        await user.scope.budget?.turn(user.scope.signal);
        return review?.allowed === true;
      },
    };
  }
}

function labelsOf(metadata: AnyObject['metadata']): Readonly<Record<string, string>> {
  return (metadata as { labels?: Record<string, string> }).labels ?? {};
}
