import type { ResourceType, Stored } from './resources.ts';

/** Any stored object, of which no more than the metadata is known. */
export type AnyObject = Stored<{ metadata?: unknown }>;

export interface Selection {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListOptions extends Selection {
  limit?: number | undefined;
  continue?: string | undefined;
  /** Bytes of the response at the most, where that is less than the transport reads: else AnswerTooLarge. */
  maxBytes?: number | undefined;
}

/** For lists and watches of a namespaced resource in the whole cluster. */
export const ALL_NAMESPACES = Symbol('all namespaces');

/** Undefined for cluster-scoped resources. */
export type ListNamespace = string | undefined | typeof ALL_NAMESPACES;

/** A page of a list, as the API server returns it. */
export interface ObjectList<T> {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

export interface WatchOptions extends Selection {
  /** Only changes after this version are sent. */
  resourceVersion: string;
  /** After how many seconds the API server ends the watch. */
  timeoutSeconds: number;
  /** After how many ms without an event, bookmarks included, the watch fails. */
  idleMs: number;
}

export interface WatchEvent<T extends AnyObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  /** Of a bookmark only its resourceVersion. */
  object: T;
}

export interface LogOptions {
  container?: string | undefined;
  tailLines: number;
  limitBytes: number;
}

/**
 * Reads of the cluster under one identity. The API server decides what that identity may see.
 * Errors of each method: KubernetesError, Unavailable, Timeout, AnswerTooLarge.
 */
export interface Reader {
  /** One page. With an expired continue token it goes on with the fresh one that the 410 carries, if there is one. */
  list<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options?: ListOptions,
  ): Promise<ObjectList<T>>;

  /** The object, or null if it does not exist. */
  find<T extends AnyObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T | null>;

  /** A pod's log as text. */
  log(namespace: string, pod: string, options: LogOptions): Promise<string>;

  /** Changes as they happen, until the API server or the identity's scope ends the watch. */
  watch<T extends AnyObject>(
    type: ResourceType,
    namespace: ListNamespace,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;
}
