import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach } from 'vitest';
import { watchConnections } from '../../src/controller/runtime/watch-connections.ts';
import { Informer } from '../../src/kubernetes/informer.ts';
import type { ListWatchTimings } from '../../src/kubernetes/list-watch.ts';
import { ALL_NAMESPACES } from '../../src/kubernetes/reader.ts';
import { PODS, type Pod } from '../../src/kubernetes/resources.ts';
import type { ClusterTransport } from '../../src/kubernetes/transport.ts';
import { TIMINGS } from '../controller/fixture.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { transportTo } from '../support/transport.ts';

/** Lists and watches over the transport. */
export const connectTo = (transport: ClusterTransport) =>
  watchConnections({ transport, credential: async () => 'Bearer t', id: 'test' });

export type Answer = (request: { url: URL; response: ServerResponse }) => void;

export const pod = (name: string, version: number, more: object = {}) => ({
  metadata: { name, namespace: 'demo', uid: `uid-${name}`, resourceVersion: `${version}`, ...more },
});
export const large = (bytes: number) => ({ annotations: { large: 'x'.repeat(bytes) } });
export const list =
  (version: number, items: object[], more: object = {}): Answer =>
  ({ response }) =>
    response.end(JSON.stringify({ metadata: { resourceVersion: `${version}`, ...more }, items }));
/** The page that is asked for. */
export const pagesOf =
  (items: object[]): Answer =>
  ({ url, response }) => {
    const start = Number(url.searchParams.get('continue'));
    const end = start + Number(url.searchParams.get('limit'));
    const more = end < items.length ? { continue: `${end}` } : {};
    list(10, items.slice(start, end), more)({ url, response });
  };
export const status =
  (code: number): Answer =>
  ({ response }) =>
    response
      .writeHead(code)
      .end(JSON.stringify({ kind: 'Status', code, reason: 'Expired', details: { name: 'x' } }));
export const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
/** Sends, and stays open. */
export const sends =
  (...lines: string[]): Answer =>
  ({ response }) =>
    response.write(lines.join(''));
export const sendsAndEnds =
  (...lines: string[]): Answer =>
  ({ response }) =>
    response.end(lines.join(''));
export const silence: Answer = ({ response }) => response.flushHeaders();

/** A cluster that answers what a test has told it, and a watch of its pods. */
export function startScriptedCluster() {
  // What a test lets the cluster answer to each list and watch.
  const cluster: { lists: Answer[]; watches: Answer[]; seen: URL[] } = { lists: [], watches: [], seen: [] };
  const http = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://cluster');
    cluster.seen.push(url);
    const answers = url.searchParams.has('watch') ? cluster.watches : cluster.lists;
    // The last one goes on.
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.({ url, response });
  });
  const transports = started(
    DESCRIBE,
    async () => {
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      const endpoint = { server: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
      return {
        narrow: transportTo(endpoint, { maxResponseBytes: 100_000 }),
        roomy: transportTo(endpoint, { maxResponseBytes: 64 * 1024 * 1024 }),
      };
    },
    async ({ narrow, roomy }) => {
      await Promise.all([narrow.destroy(), roomy.destroy()]);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  );

  beforeEach(() => {
    http.closeAllConnections();
    Object.assign(cluster, { lists: [], watches: [silence], seen: [] });
  });

  async function following(
    test: (told: string[], watch: Informer<Pod>, problems: string[]) => Promise<void>,
    {
      transport = transports().narrow,
      ...options
    }: { timings?: ListWatchTimings; transport?: ClusterTransport } = {},
  ) {
    const told: string[] = [];
    const problems: string[] = [];
    const ends = new AbortController();
    const watch = new Informer<Pod>({
      connect: connectTo(transport),
      type: PODS,
      namespace: ALL_NAMESPACES,
      timings: TIMINGS.watch,
      trim: (object) => ((object as Pod).metadata.labels?.hidden ? undefined : (object as Pod)),
      onChange: (type, { metadata }) => told.push(`${type} ${metadata.name}@${metadata.resourceVersion}`),
      onError: (error, { resource }) => problems.push(`${resource}: ${(error as Error).message}`),
      ...options,
    });
    const running = watch.run(ends.signal);
    try {
      await test(told, watch, problems);
    } finally {
      ends.abort();
      await running.catch(() => {});
    }
  }
  const watchesSeen = () => cluster.seen.filter((url) => url.searchParams.has('watch'));

  return { cluster, transports, following, watchesSeen };
}

/** The one object of a response. */
export const object =
  (stored: object): Answer =>
  ({ response }) =>
    response.end(JSON.stringify(stored));
/** The watch cannot continue. */
export const EXPIRED = sendsAndEnds(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }));

/** Answers once the test says so. */
export function held(answer: Answer) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const holding: Answer = (request) => void promise.then(() => answer(request));
  return { holding, release: resolve };
}
