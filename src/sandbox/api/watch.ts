import type { ServerResponse } from 'node:http';
import type { Fields, KubeObject } from '../objects.ts';
import { expired, StatusError } from '../status.ts';
import type { Registry } from '../storage/registry.ts';
import type { Resource } from '../storage/resources.ts';
import type { StoreEvent } from '../storage/store.ts';
import { typeMeta } from '../storage/type-meta.ts';
import { toJson } from './json.ts';
import { wholeNumber } from './query.ts';
import { selector } from './selectors.ts';

export interface WatchOptions {
  registry: Registry;
  resource: Resource;
  namespace: string | undefined;
  query: URLSearchParams;
  /** The object in the media type that the client accepts. */
  represent: (object: KubeObject) => unknown;
  bookmarkMs: number;
}

/** The state in which the object was selected last, with the version at which it no longer was. */
function lastSelected({ metadata: { resourceVersion } }: KubeObject, previous: KubeObject): KubeObject {
  return { ...previous, metadata: { ...previous.metadata, resourceVersion } };
}

/**
 * Streams the events after resourceVersion; without one, or with 0, the existing objects first. An object that enters
 * the selection is ADDED, one that leaves it is DELETED. If the version is too old, the only event is a 410 in an ERROR.
 */
export function watch(response: ServerResponse, options: WatchOptions): void {
  const { registry, resource, namespace, query, represent } = options;
  const { store } = registry;
  const matches = selector(resource, query);
  const since = wholeNumber(query, 'resourceVersion');
  if (query.has('sendInitialEvents')) {
    throw new StatusError(
      422,
      'Invalid',
      'sendInitialEvents is forbidden: the sandbox does not support WatchList',
    );
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const send = (type: string, object: unknown) => response.write(`${toJson({ type, object })}\n`);

  function forward(event: StoreEvent): void {
    const { object, previous } = event;
    if (event.resource !== resource) return;
    if (namespace !== undefined && object.metadata.namespace !== namespace) return;
    const before = previous !== undefined && matches(previous);
    const after = event.type !== 'DELETED' && matches(object);
    if (after) send(before ? 'MODIFIED' : 'ADDED', represent(object));
    else if (before) send('DELETED', represent(lastSelected(object, previous)));
  }

  function bookmark(): void {
    const object: Fields = {
      ...typeMeta(resource),
      metadata: { resourceVersion: String(store.revision), creationTimestamp: null },
    };
    if (query.get('allowWatchBookmarks') === 'true') send('BOOKMARK', object);
  }

  if (since === 0) {
    for (const [, object] of store.list(resource, namespace)) {
      if (matches(object)) send('ADDED', represent(object));
    }
  } else if (store.isAvailable(since)) {
    for (const event of store.since(since)) forward(event);
  } else {
    send('ERROR', expired(`too old resource version: ${since} (${store.revision})`).body);
    response.end();
    return;
  }
  const unsubscribe = store.subscribe(forward);
  const bookmarks = setInterval(bookmark, options.bookmarkMs);
  const seconds = Number(query.get('timeoutSeconds')) || 1800;
  const timeout = setTimeout(() => {
    bookmark();
    stop();
    response.end();
  }, seconds * 1000);
  response.on('close', stop);

  function stop(): void {
    unsubscribe();
    clearInterval(bookmarks);
    clearTimeout(timeout);
  }
}
