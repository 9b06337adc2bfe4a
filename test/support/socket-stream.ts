import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { EventStream } from './event-stream.ts';

/** `ws` throws the error of a socket that nobody listens to. */
class QuietSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols);
    this.on('error', () => {});
  }
}

/** An operation over a WebSocket of its own (`graphql-transport-ws`), with the results that an event stream would have. */
export function openSocketStream(
  url: string,
  operation: { query: string; variables?: object | undefined },
  token: string,
): Pick<EventStream, 'next' | 'close'> {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: QuietSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const results = client.iterate(operation as { query: string; variables?: Record<string, unknown> });
  return {
    async next() {
      try {
        const { done, value } = await results.next();
        if (done) throw new Error('the stream has ended');
        return value as Awaited<ReturnType<EventStream['next']>>;
      } catch (error) {
        if (Array.isArray(error)) return { errors: error };
        throw error;
      }
    },
    close: () => void client.terminate(),
  };
}
