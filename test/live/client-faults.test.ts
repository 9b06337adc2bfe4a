import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { parseNodeId } from '../../src/graphql/relay/node-id.ts';
import type { Batch, LiveEvent } from '../../src/live/change.ts';
import { type EventStream, openEventStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { faultProxyTo } from '../support/fault-proxy.ts';
import { startRelay } from '../support/relay.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startWritOn } from '../support/writ.ts';
import { TIMINGS } from './fixture.ts';
import { figuresOf, forRandomChanges, makeChanges, type Step, VIEWS } from './random-changes.ts';
import { View } from './view.ts';

const SUBSCRIBE = `subscription ($since: String, $labelSelector: String, $filter: SessionFilter) {
  sessions(project: "demo", since: $since, labelSelector: $labelSelector, filter: $filter) {
    resourceVersion events { type resourceVersion session { id } }
  }
}`;
const SELECTIONS = [{}, { filter: { search: 'selected' } }, { labelSelector: 'on=yes' }];

type Result = Awaited<ReturnType<EventStream['next']>>;

describe.each(['an event stream', 'a WebSocket'])(
  'whatever changes, and fails on both sides of Writ, over %s',
  (transport) => {
    const cluster = startTestCluster({ demo: false, bookmarkMs: 100 });
    const proxy = faultProxyTo(cluster);
    const endpoints = () => ({ endpoint: proxy().endpoint, backendEndpoint: proxy().endpoint });
    const writ = startWritOn(cluster, {
      endpoints,
      environment: { WRIT_LOG_LEVEL: 'silent' },
      subscriptions: { timings: { ...TIMINGS, idleMs: 1_000 } },
    });
    const admin = cluster.as('admin');
    let relay: Awaited<ReturnType<typeof startRelay>>;
    let client: Client;
    beforeAll(async () => {
      relay = await startRelay(writ.url);
      const authorization = `Bearer ${cluster.identities.admin.token}`;
      client = createClient({
        url: relay.url.replace('http:', 'ws:'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryAttempts: 0,
      });
    });
    afterAll(async () => {
      await client.dispose();
      await relay.close();
    });

    function overWebSocket(variables: Record<string, unknown>) {
      const results = client.iterate({ query: SUBSCRIBE, variables });
      return {
        async next() {
          const { done, value } = await results.next();
          return done ? undefined : batchOf(value as Result);
        },
        leave: () => void results.return?.(),
      };
    }
    function overEventStream(variables: Record<string, unknown>) {
      const authorization = `Bearer ${cluster.identities.admin.token}`;
      const opened = openEventStream(relay.url, { query: SUBSCRIBE, variables }, { authorization });
      opened.catch(() => {});
      return {
        next: async () => batchOf(await (await opened).next()),
        leave: () => void opened.then(({ close }) => close()).catch(() => {}),
      };
    }
    const subscribe = transport === 'a WebSocket' ? overWebSocket : overEventStream;

    /** Ends stalled connections a little later, as a client's own timeout would. */
    async function failClients(fault: Step['clientFault']): Promise<void> {
      if (fault === 'none') return;
      if (fault === 'stall') relay.stall();
      if (fault === 'refuse') relay.refuse(true);
      if (fault !== 'cut') await delay(20);
      relay.cut();
      relay.refuse(false);
    }

    async function run(steps: Step[]): Promise<string> {
      const ends = new AbortController();
      const views = Array.from({ length: VIEWS }, (_, i) => new View(i % 3));
      const following = views.map((view, i) =>
        view.follow((since) => subscribe({ ...SELECTIONS[i % 3], ...(since && { since }) }), ends.signal),
      );
      await makeChanges(steps, { admin, views, proxy: proxy(), failClients });
      ends.abort();
      for (const view of views) view.leave();
      await Promise.all(following);
      return figuresOf(views);
    }

    it('the views of all clients become what the cluster has, and no version comes twice', async () => {
      await forRandomChanges(run);
    });

    it('nothing is held afterwards', async () => {
      await client.dispose();
      await eventually(() => expect([proxy().watches, writ.memory.reserved]).toEqual([0, 0]));
    });
  },
);

/** Throws what the subscription has ended with. */
function batchOf({ data, errors }: Result): Batch {
  if (errors) throw new Error(errors[0]?.message);
  const { events, resourceVersion } = data.sessions;
  return {
    resourceVersion,
    events: events.map(({ type, resourceVersion, session }: SentEvent) =>
      session
        ? { type, object: { metadata: { uid: parseNodeId(session.id)?.uid, resourceVersion } } }
        : { type },
    ) as LiveEvent[],
  };
}

interface SentEvent {
  type: string;
  resourceVersion: string | null;
  session: { id: string } | null;
}
