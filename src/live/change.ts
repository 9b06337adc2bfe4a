import type { AnyObject } from '../kubernetes/reader.ts';

/** A change of a collection. ADDED may be of an object that is known, and DELETED of one that is not. */
export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** For DELETED its last state, or as much of it as is known. */
  object: AnyObject;
  /** The collection's version at the change. */
  resourceVersion: string;
  /** The version of the change before it: who has this change not yet can continue from there. Changes with the same belong together. */
  after: string;
  /** What the object takes in memory. */
  bytes: number;
}

/** RESET begins a snapshot, which SYNCED completes: what was not ADDED between them does not exist. */
export type LiveEvent = Pick<Change, 'type' | 'object'> | { type: 'RESET' | 'SYNCED' };

/** Events in order. */
export interface Batch {
  events: LiveEvent[];
  /** A subscription since this version misses nothing. Empty until the snapshot is complete. */
  resourceVersion: string;
}
