import type { ObjectMeta, ResourceType, Stored } from './resources.ts';

/** A stored object of any type: only its metadata is known. */
export type AnyObject = Stored<{ metadata?: unknown }>;

/** An object of which only the metadata was read. */
export type MetadataOnly = Stored<{ metadata?: ObjectMeta }>;

export interface Selection {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListOptions extends Selection {
  limit?: number | undefined;
  continue?: string | undefined;
  /** The maximum size of the response in bytes, if less than the transport's: ResponseTooLarge beyond it. */
  maxBytes?: number | undefined;
  /** The caller keeps none of the objects, or accounts for those that it keeps. */
  transient?: boolean;
}

/** For lists and watches of a namespaced resource in all namespaces. */
export const ALL_NAMESPACES = Symbol('all namespaces');

/** Undefined for cluster-scoped resources. */
export type ListNamespace = string | undefined | typeof ALL_NAMESPACES;

/** A page of a list, as the API server returns it. */
export interface ObjectList<T> {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: T[];
  /** The length of the response, in characters, if it is known. */
  length?: number;
}

export interface WatchOptions extends Selection {
  /** The watch sends the changes after this version. */
  resourceVersion: string;
  /** The API server ends the watch after this time, in seconds. */
  timeoutSeconds: number;
  /** The watch fails after this time without an event or bookmark, in ms. */
  idleMs: number;
}

export interface WatchEvent<T extends AnyObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  /** A bookmark has only a resourceVersion. */
  object: T;
}

export interface LogOptions {
  container?: string | undefined;
  tailLines: number;
  limitBytes: number;
  /** Of the container before it was restarted: 400 if it was not. */
  previous?: boolean;
  /** RFC 3339. The API server ignores fractions of a second. */
  sinceTime?: string;
  /** Each line begins with its time. */
  timestamps?: boolean;
}

export interface FollowLogOptions {
  container: string;
  /** The log begins with the last so many lines. Absent, without `sinceTime`: with all of them. */
  tailLines?: number | undefined;
  /** RFC 3339. The log begins at this time; the API server ignores fractions of a second. */
  sinceTime?: string | undefined;
  /** The log fails after this time without a line, in ms. */
  idleMs: number;
}

/**
 * Reads of the cluster with one identity. The API server decides what that identity may see.
 * Errors of each method: KubernetesError, Unavailable, Timeout, ResponseTooLarge.
 */
export interface Reader {
  /** One page. If the continue token has expired, the list continues with the new token of the 410 response, if any. */
  list<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options?: ListOptions,
  ): Promise<ObjectList<T>>;

  /** As `list`, but only the metadata of the objects. What of it is kept is the caller's to account for. */
  listMetadata(
    type: ResourceType,
    namespace: string | undefined,
    options?: ListOptions,
  ): Promise<ObjectList<MetadataOnly>>;

  /** The object, or null if it does not exist. */
  find<T extends AnyObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T | null>;

  log(namespace: string, pod: string, options: LogOptions): Promise<string>;

  /**
   * Resolves when the log has been opened, with its bytes as they are written, each line after its time (RFC 3339, in
   * nanoseconds), until the container or the scope of the calls ends.
   */
  followLog(namespace: string, pod: string, options: FollowLogOptions): Promise<AsyncIterable<Uint8Array>>;

  /** Changes as they occur, until the API server ends the watch or the scope of the calls ends. */
  watch<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;
}

/** A whole collection as it was at one version, in the order of names. Its objects are shared: nobody may change them. */
export interface Snapshot<T> {
  resourceVersion: string;
  objects: readonly T[];
}

export interface SnapshotOptions {
  labelSelector?: string | undefined;
  /** Whether the caller would otherwise read the whole collection, and not a page of it. */
  scan: boolean;
}

/** Reads with the identity of a caller who may have a mirror of a collection: what the caller's own watch has returned. */
export interface MirroredReader extends Reader {
  /**
   * The collection from the caller's mirror. Undefined if the cluster has to be asked: there is none, or it does not have
   * what the caller has to see. Errors: Timeout.
   */
  snapshot<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    options: SnapshotOptions,
  ): Promise<Snapshot<T> | undefined>;

  /** Lets others have the thread, and waits for the turn of the caller: between steps that read a snapshot. Errors: Timeout. */
  turn(): Promise<void>;
}
