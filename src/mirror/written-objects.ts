import { LRUCache } from 'lru-cache';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { WriteOutcome } from '../kubernetes/observed-write.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { isResourceVersion, laterVersion } from '../kubernetes/resource-version.ts';
import type { ResourceType } from '../kubernetes/resources.ts';

/** What a mirror has to show before it may be read. */
export interface RequiredState {
  /** Empty: any version. */
  resourceVersion: string;
  /** The UIDs of objects that are gone, by their names. */
  deleted: ReadonlyMap<string, string>;
}

interface Written extends RequiredState {
  deleted: Map<string, string>;
  /** A write has ended without a response: until then nobody knows what it has done. `performance.now()` */
  unknownUntil: number;
  /** When the namespace itself was last written: `performance.now()`. */
  namespaceAt: number;
}

/** How long it is remembered what a user has written, in ms: a mirror that is as far behind is not read. */
const REMEMBERED_MS = 300_000;
const MAX_ENTRIES = 20_000;
const MAX_DELETED = 1_000;

/**
 * What users have written to a resource through this process, by user and namespace, so that what they read afterwards shows
 * it.
 */
export class WrittenObjects {
  readonly #type: ResourceType;
  readonly #written = new LRUCache<string, Written>({ max: MAX_ENTRIES, ttl: REMEMBERED_MS });

  constructor(type: ResourceType) {
    this.#type = type;
  }

  /** Notes a write of a user; its outcome is told afterwards. */
  note(user: string, { verb, group, resource, namespace, name }: ResourceAttributes) {
    const isNamespace = group === '' && resource === 'namespaces';
    const isObject = group === this.#type.group && resource === this.#type.resource;
    return (outcome: WriteOutcome) => {
      const written = isNamespace ? name : namespace;
      if (written === undefined || !(isNamespace || isObject)) return;
      const state = this.#of(user, written);
      if (isNamespace) state.namespaceAt = performance.now();
      else if ('body' in outcome && add(state, outcome.body, verb === 'delete' ? name : undefined)) return;
      // What the cluster has refused has changed nothing.
      else if (!('error' in outcome && isRefusal(outcome.error))) {
        state.unknownUntil = performance.now() + REMEMBERED_MS;
      }
    };
  }

  /** What the user has to see. Undefined if that is not known. */
  required(user: string, namespace: string): RequiredState | undefined {
    const written = this.#written.get(keyOf(user, namespace));
    if (!written) return NOTHING;
    return performance.now() < written.unknownUntil ? undefined : written;
  }

  /** Whether the user has written the namespace itself since then: `performance.now()`. */
  hasWrittenNamespace(user: string, namespace: string, since: number): boolean {
    return (this.#written.get(keyOf(user, namespace))?.namespaceAt ?? Number.NEGATIVE_INFINITY) >= since;
  }

  #of(user: string, namespace: string): Written {
    const key = keyOf(user, namespace);
    const known = this.#written.get(key);
    const written = known ?? {
      resourceVersion: '',
      deleted: new Map(),
      unknownUntil: Number.NEGATIVE_INFINITY,
      namespaceAt: Number.NEGATIVE_INFINITY,
    };
    // Anew, so that it is remembered from now on.
    this.#written.set(key, written);
    return written;
  }
}

const NOTHING: RequiredState = { resourceVersion: '', deleted: new Map() };

function keyOf(user: string, namespace: string): string {
  return JSON.stringify([user, namespace]);
}

interface Response {
  metadata?: { resourceVersion?: unknown };
  /** Of the Status that a deletion returns if the object is gone at once. */
  details?: { uid?: unknown };
}

/** @returns whether the body says what was written */
function add(written: Written, body: string, deletedName: string | undefined): boolean {
  const parsed = parse(body);
  if (!parsed) return false;
  const { metadata, details } = parsed;
  const version = metadata?.resourceVersion;
  if (typeof version === 'string' && isResourceVersion(version)) {
    written.resourceVersion = laterVersion(written.resourceVersion, version);
  }
  if (deletedName === undefined || typeof details?.uid !== 'string') return true;
  written.deleted.delete(deletedName);
  written.deleted.set(deletedName, details.uid);
  const [oldest] = written.deleted.keys();
  if (written.deleted.size > MAX_DELETED && oldest !== undefined) written.deleted.delete(oldest);
  return true;
}

function parse(body: string): Response | undefined {
  try {
    return JSON.parse(body) as Response;
  } catch {
    return undefined;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode < 500;
}
