import { type Client, createClient } from 'graphql-ws';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';

export interface LiveCluster {
  server: string;
  ca: string;
  admin: string;
}

const SUBSCRIBE = `subscription ($project: String!) {
  sessions(project: $project) { events { type session { name displayName } } }
}`;

/** What a subscriber is told of a session, and when. */
type OnEvent = (event: {
  type: string;
  session: { name: string; displayName: string | null } | null;
}) => void;

export function connect(url: string, token: string): Client {
  return createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
}

/** Resolves when the snapshot is complete, with a function that ends the subscription. */
export async function follow(
  client: Client,
  project: string,
  onEvent: OnEvent,
  query = SUBSCRIBE,
): Promise<() => void> {
  const synced = Promise.withResolvers<void>();
  const end = client.subscribe<{ sessions: { events: Parameters<OnEvent>[0][] } }>(
    { query, variables: { project } },
    {
      next({ data, errors }) {
        if (errors) synced.reject(new Error(errors[0]?.message));
        for (const event of data?.sessions.events ?? []) {
          if (event.type === 'SYNCED') synced.resolve();
          else onEvent(event);
        }
      },
      error: (error) => synced.reject(error),
      complete: () => synced.reject(new Error('the subscription has ended')),
    },
  );
  await synced.promise;
  return end;
}

/** The cluster's own API. */
export function kubernetes({ server, ca, admin }: LiveCluster) {
  const dispatcher = new Agent({ connect: { ca }, connections: 16 });
  async function call(method: string, path: string, body?: object, token = admin) {
    const patch = method === 'PATCH';
    const response = await request(server + path, {
      method: method as 'GET',
      dispatcher,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': patch ? 'application/merge-patch+json' : 'application/json',
      },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    // biome-ignore lint/suspicious/noExplicitAny: any object of the cluster
    return JSON.parse(text) as any;
  }
  return {
    call,
    /** The same watch without Writ. Calls `onEvent` with the display name of each session. */
    async watch(path: string, resourceVersion: string, onEvent: (displayName: string) => void) {
      const { body } = await request(`${server}${path}?watch=true&resourceVersion=${resourceVersion}`, {
        dispatcher: new Agent({ connect: { ca } }),
        headers: { authorization: `Bearer ${admin}` },
        bodyTimeout: 0,
      });
      let text = '';
      body.on('error', () => {});
      body.on('data', (chunk) => {
        const lines = (text + chunk).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) onEvent(JSON.parse(line).object.spec?.displayName ?? '');
      });
      return () => body.destroy();
    },
  };
}

export type Kubernetes = ReturnType<typeof kubernetes>;
